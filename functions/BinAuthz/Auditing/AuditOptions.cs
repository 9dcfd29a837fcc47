namespace BinAuthz.Auditing;

/// <summary>The configuration section <c>BinAuthz:Audit</c>; environment variables are written <c>BinAuthz__Audit__Key</c>, of lists <c>BinAuthz__Audit__Repositories__0</c>.</summary>
internal sealed class AuditOptions
{
    /// <summary>The key that signs reports. Default: <c>audit-key</c> of the environment's key ring.</summary>
    public string? Key { get; set; }

    /// <summary>The repositories whose images need attestations, <c>projects/P/locations/L/repositories/R</c>. Default: every Docker repository of the attestor's project.</summary>
    public IList<string> Repositories { get; } = [];

    /// <summary>The projects whose clusters run the images. Default: the attestor's project.</summary>
    public IList<string> Projects { get; } = [];

    /// <summary>The clusters that are the environment's, as <c>LOCATION.NAME</c>, where a project has clusters of several environments. Default: every cluster.</summary>
    public IList<string> Clusters { get; } = [];

    /// <summary>The patterns of images that the environment's policy may admit without attestation. Default: none.</summary>
    public IList<string> Allowed { get; } = [];

    /// <summary>The protection level that signing keys need at least: <c>software</c> or <c>hsm</c>. Default: hsm in production, software elsewhere.</summary>
    public string? ProtectionLevel { get; set; }

    /// <summary>Who may sign, as IAM members. Default: <c>serviceAccount:ENVIRONMENT-signer@PROJECT.iam.gserviceaccount.com</c>.</summary>
    public IList<string> Signers { get; } = [];

    /// <summary>Who may change key versions and what attestors trust. Default: <c>serviceAccount:ENVIRONMENT-rotator@PROJECT.iam.gserviceaccount.com</c>.</summary>
    public IList<string> Rotators { get; } = [];

    /// <summary>Who audits, and must be able to do nothing else. Default: <c>serviceAccount:ENVIRONMENT-auditor@PROJECT.iam.gserviceaccount.com</c>.</summary>
    public IList<string> Auditors { get; } = [];

    /// <summary>Who else may change policy, attestors, notes and keys, such as a group of administrators. Default: nobody.</summary>
    public IList<string> Administrators { get; } = [];

    /// <summary>The topic that is told of findings. Default: <c>projects/PROJECT/topics/ENVIRONMENT-findings</c>.</summary>
    public string? FindingsTopic { get; set; }

    /// <summary>How many attestations one shard of an audit reads before it is cut in two. Default: 250,000.</summary>
    public int ShardSize { get; set; } = 250_000;

    /// <summary>How many findings of one rule a report names; it counts all. Default: 250.</summary>
    public int FindingsPerRule { get; set; } = 250;

    /// <summary>How long an image may be without an attestation before that is a finding: building, scanning and approving take their time. Default: 1 hour.</summary>
    public TimeSpan Grace { get; set; } = TimeSpan.FromHours(1);
}
