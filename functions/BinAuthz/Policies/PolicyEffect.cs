namespace BinAuthz.Policies;

/// <summary>What a change does to what is admitted.</summary>
internal enum PolicyEffect
{
    /// <summary>Nothing.</summary>
    Neutral,

    /// <summary>Something that was admitted is not any more, or would be logged as such.</summary>
    Tightens,

    /// <summary>Something is admitted that was not, or is not logged any more.</summary>
    Loosens,

    /// <summary>Both: other images are admitted than before.</summary>
    Replaces,
}
