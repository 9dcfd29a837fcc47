using BinAuthz.Approval;
using BinAuthz.Attestations;
using BinAuthz.GoogleCloud;
using BinAuthz.Keys;
using BinAuthz.Setup;
using BinAuthz.Signing;

namespace BinAuthz.Auditing;

/// <summary>Asks for audits of the environment of an approval policy: of all its attestors, and held to its deadlines.</summary>
internal sealed class AuditRequests
{
    private const string Section = $"{BinAuthzOptions.Section}:{nameof(BinAuthzOptions.Audit)}";
    private readonly AuditRequest template;

    /// <summary>Reads policy and options.</summary>
    /// <exception cref="ConfigurationException">The audit key or the topic of findings is none, or a key is another environment's.</exception>
    public AuditRequests(ApprovalPolicy policy, BinAuthzOptions options)
    {
        var project = policy.Attestors[0].Attestor.Project;
        var environment = DeploymentEnvironment.Parse(policy.Environment);
        template = new AuditRequest(project, environment, [.. policy.Attestors.Select(attestor => SigningIdentity.From(policy.Environment, attestor, options))], DateTimeOffset.MinValue)
        {
            Options = options.Audit,
            KeyLifetime = options.Rotation.Lifetime,
            KeyOverlap = options.Rotation.Overlap + options.PropagationWindow,
            Deadlines = DeadlinesOf(policy),
            Bucket = options.EvidenceBucket ?? EvidenceBucket.Default(project).Name,
            AuditKey = AuditKeyOf(environment, project, options),
        };
        FindingsTopic = TopicOf(environment, project, options.Audit);
        ShardsTopic = EventTopics.Audit(project, environment.Name);
    }

    /// <summary>The topic that is told what is found, <c>projects/P/topics/ID</c>.</summary>
    public string FindingsTopic { get; }

    /// <summary>The topic on which instances are asked for parts of an audit.</summary>
    public string ShardsTopic { get; }

    /// <summary>Whether an attestor is one of those that are audited.</summary>
    public bool Has(AttestorName attestor) => template.Subjects.Any(subject => subject.Attestor == attestor);

    /// <summary>The key that signs reports.</summary>
    public KeyName AuditKey => template.AuditKey;

    /// <summary>An audit at a time, cut to the second, by which its report is named.</summary>
    public AuditRequest At(DateTimeOffset time) => template with { Time = new DateTimeOffset(time.UtcTicks - (time.UtcTicks % TimeSpan.TicksPerSecond), TimeSpan.Zero) };

    private static Dictionary<AttestorName, TimeSpan> DeadlinesOf(ApprovalPolicy policy) =>
        policy.Attestors.Where(attestor => attestor.Deadline is not null).ToDictionary(attestor => attestor.Attestor, attestor => attestor.Deadline!.Value);

    private static KeyName AuditKeyOf(DeploymentEnvironment environment, string project, BinAuthzOptions options)
    {
        if (options.Audit.Key is not { } named)
        {
            return environment.AuditKey(project, options.Location);
        }

        if (!KeyName.TryParse(named, out var key))
        {
            throw new ConfigurationException([$"'{named}' is not a key: write projects/P/locations/L/keyRings/R/cryptoKeys/K in {Section}:{nameof(AuditOptions.Key)}, or leave it out."]);
        }

        return EnvironmentIsolation.Owner(key.KeyRing) is { } owner && owner != environment.Name
            ? throw new ConfigurationException([$"{key} belongs to the environment {owner}, and the approval policy is {environment}'s. Name a key of {environment} in {Section}:{nameof(AuditOptions.Key)}, or leave it out."])
            : key;
    }

    private static string TopicOf(DeploymentEnvironment environment, string project, AuditOptions options) => options.FindingsTopic switch
    {
        null => EventTopics.Findings(project, environment.Name),
        { } name when ResourceNameGrammar.TryRead(name, ["projects", "topics"], out _) => name,
        { } name => throw new ConfigurationException([$"'{name}' is not a topic: write projects/PROJECT/topics/ID in {Section}:{nameof(AuditOptions.FindingsTopic)}, or leave it out."]),
    };
}
