using BinAuthz.Auditing.Reports;
using BinAuthz.Keys;
using BinAuthz.Setup;
using BinAuthz.Signing;

namespace BinAuthz.Auditing;

/// <summary>What to audit.</summary>
/// <param name="Project">The attestors' project.</param>
/// <param name="Environment">One of the three.</param>
/// <param name="Subjects">The environment's attestors and the keys that sign for them, at least one.</param>
/// <param name="Time">When it is made, UTC: the report is named by it, and a run that is repeated has the same.</param>
internal sealed record AuditRequest(string Project, DeploymentEnvironment Environment, IReadOnlyList<SigningIdentity> Subjects, DateTimeOffset Time)
{
    /// <summary>What the configuration says.</summary>
    public AuditOptions Options { get; init; } = new();

    /// <summary>How old a key version may become.</summary>
    public TimeSpan KeyLifetime { get; init; } = new Rotation.RotationOptions().Lifetime;

    /// <summary>How long a version may be trusted beside its successor: the overlap of a rotation and what it waits before.</summary>
    public TimeSpan KeyOverlap { get; init; } = new Rotation.RotationOptions().Overlap + new BinAuthzOptions().PropagationWindow;

    /// <summary>How long an image may wait for evidence by the approval policy, for each attestor that says so.</summary>
    public IReadOnlyDictionary<Attestations.AttestorName, TimeSpan> Deadlines { get; init; } = new Dictionary<Attestations.AttestorName, TimeSpan>();

    /// <summary>The evidence bucket, without <c>gs://</c>.</summary>
    public required string Bucket { get; init; }

    /// <summary>What other processes have read of the attestations, see <see cref="ShardedScan"/>; null: the audit reads them itself.</summary>
    public Scanning.ScannedParts? Parts { get; init; }

    /// <summary>The key that signs reports.</summary>
    public required KeyName AuditKey { get; init; }

    /// <summary>From when on events count, UTC: since the report before, or for the first one a day.</summary>
    public DateTimeOffset Since(AuditReport? previous) => previous?.Time ?? Time - TimeSpan.FromDays(1);
}
