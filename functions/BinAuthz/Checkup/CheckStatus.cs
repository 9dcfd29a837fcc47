namespace BinAuthz.Checkup;

/// <summary>What came out of a check, the worst last.</summary>
internal enum CheckStatus
{
    /// <summary>It is as it should be.</summary>
    Ok,

    /// <summary>It works, and somebody should look at it.</summary>
    Warning,

    /// <summary>It could not be checked, which is never taken for well.</summary>
    Unchecked,

    /// <summary>Something does not work, or lets through what it must not.</summary>
    Failed,
}
