namespace BinAuthz.Auditing;

/// <summary>How bad a finding is, in ascending order.</summary>
internal enum AuditSeverity
{
    /// <summary>Good to know; nothing has to be done.</summary>
    Note,

    /// <summary>To be tidied up at leisure.</summary>
    Low,

    /// <summary>Somebody should mend it in the coming days.</summary>
    Medium,

    /// <summary>The gate is weaker than it is said to be.</summary>
    High,

    /// <summary>The gate is open, or what it trusts is not the team's own.</summary>
    Critical,
}
