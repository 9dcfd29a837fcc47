namespace BinAuthz;

/// <summary>The configuration section <c>BinAuthz</c>. Whatever it leaves out follows from the approval policy, and for alerting from the alert policy.</summary>
internal sealed class BinAuthzOptions
{
    /// <summary>The name of the section; environment variables are written <c>BinAuthz__Approval</c>.</summary>
    public const string Section = "BinAuthz";

    /// <summary>The path of the approval policy, which also names the environment and its attestor. Default: <c>approval.yaml</c>.</summary>
    public string Approval { get; set; } = "approval.yaml";

    /// <summary>The path of the alert policy, which names the environments and who is told of what. Default: <c>alerts.yaml</c>.</summary>
    public string Alerts { get; set; } = "alerts.yaml";

    /// <summary>
    /// The signing key, <c>projects/P/locations/L/keyRings/R/cryptoKeys/K</c>. Default: <c>attestor-key</c> of the key ring
    /// <c>ENVIRONMENT-binauthz</c> in <see cref="Location"/> of the attestor's project.
    /// </summary>
    public string? Key { get; set; }

    /// <summary>The Cloud KMS location of the default key. Default: <c>us-central1</c>.</summary>
    public string Location { get; set; } = "us-central1";

    /// <summary>The bucket that keeps decision records, unreadable events and what was told. Default: <c>PROJECT-binauthz-evidence</c>, with the attestor's project; for alerting the alert policy's.</summary>
    public string? EvidenceBucket { get; set; }

    /// <summary>The Pub/Sub topic that is told of every decision. Default: <c>projects/PROJECT/topics/ENVIRONMENT-decisions</c>, with the attestor's project.</summary>
    public string? DecisionsTopic { get; set; }

    /// <summary>One address for all of Google's APIs, such as <c>http://127.0.0.1:8081</c> of the emulator. Default: Google.</summary>
    public Uri? Endpoint { get; set; }

    /// <summary>Who calls an emulator, by e-mail address; only together with <see cref="Endpoint"/>. Default: its operator, who may do everything.</summary>
    public string? Principal { get; set; }

    /// <summary>How long a key is on the attestor before signatures are made with it, so that the attestor's new state has spread. Default: 5 minutes.</summary>
    public TimeSpan PropagationWindow { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// How long the attestor's keys and the key versions are remembered. Binary Authorization allows 100 reads a minute
    /// in a project (docs: binary-authorization/quotas). Default: 30 seconds; 0 reads them for every image.
    /// </summary>
    public TimeSpan TrustLifetime { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>When keys are rotated and how fast images are signed anew; the section <c>BinAuthz:Rotation</c>.</summary>
    public Rotation.RotationOptions Rotation { get; set; } = new();

    /// <summary>What the audit holds an environment to; the section <c>BinAuthz:Audit</c>.</summary>
    public Auditing.AuditOptions Audit { get; set; } = new();
}
