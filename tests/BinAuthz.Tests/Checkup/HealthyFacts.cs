using BinAuthz.Approval.Pushes;
using BinAuthz.Attestations;
using BinAuthz.Checkup;
using BinAuthz.Checkup.Checks;
using BinAuthz.Checkup.Facts;
using BinAuthz.Denials;
using BinAuthz.GoogleCloud;
using BinAuthz.Keys;
using BinAuthz.Policies;
using BinAuthz.Setup;
using Authz = Google.Cloud.BinaryAuthorization.V1;
using Purpose = Google.Cloud.Kms.V1.CryptoKey.Types.CryptoKeyPurpose;
using State = Google.Cloud.Kms.V1.CryptoKeyVersion.Types.CryptoKeyVersionState;

namespace BinAuthz.Tests.Checkup;

/// <summary>What is read of a production environment in which everything is as it should be.</summary>
internal static class HealthyFacts
{
    public const string Pem = "-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEakDFz3vWYQA5ymJPfzwgWNznD1Q1\n1xGb4Ep6TddQj6aVNGGSE900mQeu/LCf5xg8SQuZpYIkRBBNKIFfQOl41w==\n-----END PUBLIC KEY-----\n";
    public const string Project = "acme-prod";

    public static readonly DateTimeOffset Now = DateTimeOffset.Parse("2026-10-01T08:00:00Z", System.Globalization.CultureInfo.InvariantCulture);
    public static readonly KeyName Key = DeploymentEnvironment.Production.Key(Project, "us-central1");
    public static readonly AttestorName Name = DeploymentEnvironment.Production.Attestor(Project);
    public static readonly NoteName Note = DeploymentEnvironment.Production.Note(Project);

    public static readonly CheckupRequest Request = new(Project, DeploymentEnvironment.Production, [new CheckupAttestor(Name, Key)], "acme-prod-binauthz-evidence") { Cluster = "us-central1.prod", WeighsPushes = true };

    public static Attestor OurAttestor => new(Name, Note, [Listed(1)], "etag");

    public static Authz.Policy Policy => new EnvironmentPolicyTemplate(Project, EnvironmentStance.Enforced, [Name]).Render();

    public static CheckupFacts Facts => new(
        Request,
        new PolicyFacts(Known(Policy), Known(new Authz.Policy { AdmissionWhitelistPatterns = { new Authz.AdmissionWhitelistPattern { NamePattern = "gke.gcr.io/**" } } }), new Dictionary<AttestorName, Fact<Attestor?>>()),
        [AttestorFacts],
        ProjectFacts,
        GrantFacts,
        null,
        Now);

    public static AttestorKey Listed(long version, string? comment = null) => new(Key.Version(version).PublicKeyId, Pem, SignatureAlgorithm.Default, comment ?? "trusted since 2026-09-01T08:00:00Z");

    public static KeyFacts KeyWith(params (long Version, State State)[] versions) => new(
        new KeyDescription(Purpose.AsymmetricSign, HasRotation: false),
        Known<IReadOnlyList<KeyVersionDescription>>([.. versions.Select(each => new KeyVersionDescription(Key.Version(each.Version), each.State, SignatureAlgorithm.Default))]),
        versions.Where(each => each.State == State.Enabled).ToDictionary(each => Key.Version(each.Version), _ => Known(new KmsPublicKey(Pem, SignatureAlgorithm.Default))));

    public static Fact<T> Known<T>(T value) => new Fact<T>.Known(value);

    public static Fact<T> Unknown<T>(bool transient) => new Fact<T>.Unknown(new Obstacle("It was refused.", "Ask.", transient));

    private static AttestorFacts AttestorFacts => new(
        Request.Attestors[0],
        Known<Attestor?>(OurAttestor),
        Known<KeyFacts?>(KeyWith((1, State.Enabled))),
        Known<NoteDescription?>(new NoteDescription(IsAttestation: true, "Images approved")),
        [new HeldPermissions("key-permission", Key.ToString(), [Access.Sign], Known<IReadOnlySet<string>>(new HashSet<string> { Access.Sign.Permission }))]);

    // Everything that the plan grants, and nothing else.
    private static GrantFacts GrantFacts
    {
        get
        {
            var plan = AccessPlan.Load();
            var names = new AccessNames(Project, DeploymentEnvironment.Production);
            AccessBinding[] planned = [.. plan.Bindings(names).Where(each => each.Resource.Kind is not (IamResourceKind.Secret or IamResourceKind.Service))];
            return new GrantFacts(
                planned,
                planned.GroupBy(each => each.Resource).ToDictionary(each => each.Key, each => Known<IamPolicy?>(new IamPolicy([.. each.Select(binding => binding.Binding)], []))),
                plan.Roles.ToDictionary(role => names.Role(role.Id), role => (role.Permissions, Known<IReadOnlySet<string>>(role.Permissions.ToHashSet()))));
        }
    }

    private static ProjectFacts ProjectFacts => new(
        Known<BucketDescription?>(new BucketDescription(TimeSpan.FromDays(400), IsRetentionLocked: false, KeepsVersions: false)),
        ProjectTopics.All(Request).ToDictionary(topic => topic, _ => Known(true)),
        Known<IReadOnlyList<TopicSubscription>>([.. ProjectTopics.All(Request).Select(topic => new TopicSubscription(topic.Replace("/topics/", "/subscriptions/", StringComparison.Ordinal), topic, "https://function.example", "projects/acme-prod/topics/dead"))]),
        Known<IReadOnlyList<LogSinkDescription>>(
        [
            new LogSinkDescription("denials", $"pubsub.googleapis.com/{ProjectTopics.Denials(Request)}", LogFilters.Sink.ReplaceLineEndings("\n   "), IsDisabled: false),
            new LogSinkDescription("pushes", $"pubsub.googleapis.com/{ProjectTopics.PushEntries(Request)}", PushLogEntry.SinkFilter, IsDisabled: false),
        ]),
        Known<IReadOnlySet<string>>(new HashSet<string> { "allServices" }),
        Known<string?>("PROJECT_SINGLETON_POLICY_ENFORCE"));
}
