namespace BinAuthz.Admission;

/// <summary>What follows from a verdict.</summary>
internal enum AdmissionEnforcement
{
    /// <summary>What is denied is blocked.</summary>
    Enforced,

    /// <summary>What is denied is admitted and logged (DRYRUN_AUDIT_LOG_ONLY).</summary>
    DryRun,

    /// <summary>The workload asks for break-glass: everything is admitted and logged.</summary>
    BreakGlass,
}
