namespace BinAuthz.Alerting;

/// <summary>How urgent it is, in ascending order.</summary>
internal enum AlertSeverity
{
    /// <summary>Good to know.</summary>
    Info,

    /// <summary>Nothing is blocked; it would be if the rule were enforced.</summary>
    Warning,

    /// <summary>Something did not start.</summary>
    Error,

    /// <summary>The gate was open, or what it trusts was changed.</summary>
    Critical,
}
