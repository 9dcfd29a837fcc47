using System.Security.Cryptography;
using BinAuthz.Attestations;
using BinAuthz.Auditing;
using BinAuthz.Auditing.Facts;
using BinAuthz.Checkup;
using BinAuthz.GoogleCloud;
using BinAuthz.Keys;
using BinAuthz.Policies;
using BinAuthz.Rotation;
using BinAuthz.Setup;
using BinAuthz.Signing;
using Google.Cloud.Kms.V1;
using State = Google.Cloud.Kms.V1.CryptoKeyVersion.Types.CryptoKeyVersionState;

namespace BinAuthz.Tests.Auditing;

/// <summary>An environment in which no rule finds anything; each test changes one thing of it.</summary>
internal static class CleanFacts
{
    public const string Project = "acme-prod";
    public static readonly DateTimeOffset Now = new(2026, 11, 1, 6, 0, 0, TimeSpan.Zero);

    private static readonly ECDsa Pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public static SigningIdentity Subject { get; } = new("production", DeploymentEnvironment.Production.Attestor(Project), DeploymentEnvironment.Production.Key(Project, "us-central1"));

    public static KeyVersionName Version { get; } = Subject.Key.Version(1);

    public static string Pem { get; } = Pair.ExportSubjectPublicKeyInfoPem();

    public static Attestor Attestor { get; } = new(
        Subject.Attestor, DeploymentEnvironment.Production.Note(Project), [new AttestorKey(Version.PublicKeyId, Pem, SignatureAlgorithm.Default, TrustedSince.Comment(Now - TimeSpan.FromDays(10)))], "etag");

    public static AuditRequest Request { get; } = new(Project, DeploymentEnvironment.Production, [Subject], Now)
    {
        Bucket = EvidenceBucket.Default(Project).Name,
        AuditKey = KeyName.Parse($"projects/{Project}/locations/us-central1/keyRings/production-binauthz/cryptoKeys/audit-key"),
    };

    public static AuditFacts Facts { get; } = new(
        Request,
        null,
        [
            new AuditedAttestor(
                Subject,
                Known<Attestor?>(Attestor),
                Known<IReadOnlyList<AuditedVersion>>([new AuditedVersion(new KeyVersionDescription(Version, State.Enabled, SignatureAlgorithm.Default) { Created = Now - TimeSpan.FromDays(10), Protection = ProtectionLevel.Hsm }, Pem)]),
                Known<IReadOnlyList<KeyRecord>>([new KeyRecord(Version, KeyRecordKind.Trusted, Now - TimeSpan.FromDays(10), Pem, SignatureAlgorithm.Default, "the attestor lists it")]),
                Known(new AttestationTally(1, 1, new Dictionary<string, RuleAssessment>()))) { HasNote = Known(true) },
        ],
        new AuditedPolicy(
            Known(new EnvironmentPolicyTemplate(Project, EnvironmentStance.Enforced, [Subject.Attestor]).Render()),
            new Dictionary<AttestorName, Fact<Attestor?>> { [Subject.Attestor] = Known<Attestor?>(Attestor) },
            Known<IReadOnlyDictionary<string, string?>>(new Dictionary<string, string?> { ["us-central1.prod"] = "PROJECT_SINGLETON_POLICY_ENFORCE" }))
        { Neighbours = Known<IReadOnlyList<Attestor>>([Attestor]) },
        Known(new Coverage(1, 1, 0, 0, [])),
        CleanAccess.Access,
        CleanEvents.Events);

    public static Fact<T> Known<T>(T value) => new Fact<T>.Known(value);

    public static Fact<T> Unknown<T>() => new Fact<T>.Unknown(new Obstacle("PERMISSION_DENIED: not allowed", "Grant it.", IsTransient: false));
}
