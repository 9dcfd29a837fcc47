namespace BinAuthz.Policies;

/// <summary>How bad a finding is.</summary>
internal enum FindingSeverity
{
    /// <summary>Binary Authorization refuses the policy, or it does not do what its environment asks.</summary>
    Error,

    /// <summary>The policy can be used and most likely does something else than was meant.</summary>
    Warning,

    /// <summary>Something could not be assessed.</summary>
    Note,
}
