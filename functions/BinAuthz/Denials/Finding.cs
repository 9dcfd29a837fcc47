using BinAuthz.Attestations;

namespace BinAuthz.Denials;

/// <summary>One thing that a log entry tells. An entry about several images gives several.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Source">The entry.</param>
/// <param name="Image">The image as the pod spec has it, or as the message does where the spec names none of its images; null when it is about none, or none can be told.</param>
/// <param name="Message">What the log says about it, as it stands there (shortened when very long). Never trusted, never parsed again.</param>
internal sealed record Finding(FindingKind Kind, FindingSource Source, string? Image, string Message)
{
    /// <summary>The namespace of the pods; empty when there is none.</summary>
    public string Namespace { get; init; } = "";

    /// <summary><c>Kind/name</c> of what owns the pods, as far up as the entry tells, such as <c>Deployment/web</c>; empty when unknown.</summary>
    public string Workload { get; init; } = "";

    /// <summary>The name of the pod that was admitted; empty when none was, or the entry does not tell.</summary>
    public string Pod { get; init; } = "";

    /// <summary>The service account of the pods; empty when unknown.</summary>
    public string ServiceAccount { get; init; } = "";

    /// <summary>Who asked, as the entry tells; empty when unknown.</summary>
    public string Principal { get; init; } = "";

    /// <summary>The attestors that the message says are not satisfied.</summary>
    public IReadOnlyList<AttestorName> Attestors { get; init; } = [];

    /// <summary>Why break-glass was used or a key was revoked, where somebody wrote it.</summary>
    public string Justification { get; init; } = "";

    /// <summary>For a <see cref="FindingKind.TrustChange"/>, what was changed and how; null for everything else.</summary>
    public TrustChange? Change { get; init; }

    /// <summary>For a <see cref="FindingKind.AuditFinding"/>, what the audit found; null for everything else.</summary>
    public AuditedFinding? Audit { get; init; }
}
