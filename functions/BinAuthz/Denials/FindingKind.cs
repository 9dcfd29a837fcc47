namespace BinAuthz.Denials;

/// <summary>What a log entry tells.</summary>
internal enum FindingKind
{
    /// <summary>An image was denied, and what asked for it did not start.</summary>
    Denial,

    /// <summary>A rule in dry-run mode would have denied an image; its pods started.</summary>
    DryRunDenial,

    /// <summary>Somebody asked for break-glass: nothing was enforced.</summary>
    BreakGlass,

    /// <summary>The admission webhook did not answer and the pod was admitted unchecked.</summary>
    FailOpen,

    /// <summary>The check itself failed, so that nothing was decided about the image.</summary>
    CheckFailed,

    /// <summary>Continuous validation found a running image that violates a platform policy, or could not evaluate one.</summary>
    ContinuousValidation,

    /// <summary>What is trusted was changed: policy, attestor, access to a note, a key version.</summary>
    TrustChange,

    /// <summary>An audit found something that the report before had not.</summary>
    AuditFinding,
}
