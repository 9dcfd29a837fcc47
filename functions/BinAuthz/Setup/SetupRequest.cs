using BinAuthz.GoogleCloud;
using BinAuthz.Keys;
using Google.Cloud.Kms.V1;

namespace BinAuthz.Setup;

/// <summary>Which environment to set up, and how.</summary>
/// <param name="Project">The project id.</param>
/// <param name="Environment">One of the three.</param>
/// <param name="Location">The Cloud KMS location.</param>
/// <param name="Algorithm">Of a key that has to be made.</param>
/// <param name="EvidenceBucket">Null: <c>PROJECT-binauthz-evidence</c>.</param>
internal sealed record SetupRequest(string Project, DeploymentEnvironment Environment, string Location, SignatureAlgorithm Algorithm, string? EvidenceBucket = null)
{
    /// <summary>Ids of attestors besides the environment's own; an image then needs them all.</summary>
    public IReadOnlyList<string> FurtherAttestors { get; init; } = [];

    /// <summary>The repositories of images, <c>projects/P/locations/L/repositories/R</c>, on which the functions get their roles.</summary>
    public IReadOnlyList<string> Repositories { get; init; } = [];

    /// <summary>Where the material of keys that have to be made lives. Default: in a hardware module in production, in software elsewhere.</summary>
    public ProtectionLevel Protection { get; init; } = Environment == DeploymentEnvironment.Production ? ProtectionLevel.Hsm : ProtectionLevel.Software;

    /// <summary>Every attestor, the environment's own first.</summary>
    /// <exception cref="ConfigurationException">One of the ids cannot be used.</exception>
    public IReadOnlyList<AttestorSetup> Attestors =>
        [Environment.Attestor(Project, Location), .. FurtherAttestors.Distinct().Select(id => Environment.FurtherAttestor(Project, Location, id))];

    /// <summary>The bucket of this setup.</summary>
    public string Bucket => EvidenceBucket ?? GoogleCloud.EvidenceBucket.Default(Project).Name;

    /// <summary>The topic that is told of decisions.</summary>
    public string DecisionsTopic => GoogleCloud.DecisionsTopic.Default(Project, Environment.Name).Name;

    /// <summary>The topic that is told of alerts.</summary>
    public string AlertsTopic => GoogleCloud.AlertsTopic.Of(Project, Environment.Name);

    /// <summary>The topic on which the signer is asked to sign images anew.</summary>
    public string ResignTopic => EventTopics.Resign(Project, Environment.Name);

    /// <summary>The topic that is told what audits find.</summary>
    public string FindingsTopic => EventTopics.Findings(Project, Environment.Name);

    /// <summary>The topic on which instances of the auditor are asked for parts of a large audit.</summary>
    public string AuditTopic => EventTopics.Audit(Project, Environment.Name);

    /// <summary>The key that signs audit reports.</summary>
    public KeyName AuditKey => Environment.AuditKey(Project, Location);

    /// <summary>The names of everything that roles are granted on, and to whom.</summary>
    public AccessNames Access => new(Project, Environment, Location) { Attestors = Attestors, AuditKey = AuditKey, Bucket = Bucket, Repositories = Repositories };

    /// <summary>How long evidence can be neither deleted nor overwritten; null: no retention policy is set, and one that is there stays.</summary>
    public TimeSpan? Retention { get; init; } = DefaultRetention;

    /// <summary>A year, and the time an auditor needs to look at it: 400 days.</summary>
    public static TimeSpan DefaultRetention { get; } = TimeSpan.FromDays(400);
}
