namespace BinAuthz.EndToEnd.Tests.Rotation.Simulation;

/// <summary>What approval says of an image.</summary>
internal enum ImageMerit
{
    /// <summary>Yes.</summary>
    Good,

    /// <summary>Yes, until the policy becomes strict.</summary>
    Doubtful,

    /// <summary>No.</summary>
    Bad,
}
