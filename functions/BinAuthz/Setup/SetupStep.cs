namespace BinAuthz.Setup;

/// <summary>One thing that an environment needs.</summary>
/// <param name="Kind">Such as <c>key</c>.</param>
/// <param name="Resource">Its full name.</param>
/// <param name="Change">Whether it has to be made or changed; false: it is as it should be.</param>
/// <param name="Detail">In words.</param>
internal sealed record SetupStep(string Kind, string Resource, bool Change, string Detail)
{
    /// <summary>Whether somebody has to look at it: it is not as it should be, and setup must not change it.</summary>
    public bool NeedsLook { get; init; }
}
