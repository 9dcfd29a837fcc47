using BinAuthz.Auditing;
using BinAuthz.Auditing.Facts;
using BinAuthz.Checkup;
using BinAuthz.GoogleCloud;
using BinAuthz.Keys;
using BinAuthz.Setup;

namespace BinAuthz.Tests.Auditing;

/// <summary>Who may do what in the clean environment, and a little more for tests.</summary>
internal static class CleanAccess
{
    public const string Signer = "serviceAccount:production-signer@acme-prod.iam.gserviceaccount.com";
    public const string Rotator = "serviceAccount:production-rotator@acme-prod.iam.gserviceaccount.com";
    public const string Auditor = "serviceAccount:production-auditor@acme-prod.iam.gserviceaccount.com";
    public const string RotatorRole = "projects/acme-prod/roles/binauthzRotator";
    public const string Mallory = "user:mallory@evil.example";

    // Nothing of CleanFacts may be looked at while these are made: it is made of them.
    private static readonly KeyName SigningKey = DeploymentEnvironment.Production.Key("acme-prod", "us-central1");

    public static IamResource Project { get; } = IamResource.Project("acme-prod");

    public static IamResource KeyRing { get; } = IamResource.KeyRing(SigningKey);

    public static IamResource Key { get; } = IamResource.Key(SigningKey);

    public static IamResource AuditKey { get; } = IamResource.AuditKey(DeploymentEnvironment.Production.AuditKey("acme-prod", "us-central1"));

    public static IamResource Note { get; } = IamResource.Note(DeploymentEnvironment.Production.Note("acme-prod"));

    public static IamResource Attestor { get; } = IamResource.Attestor(DeploymentEnvironment.Production.Attestor("acme-prod"));

    public static IamResource Policy { get; } = IamResource.Policy("acme-prod");

    public static IamResource Bucket { get; } = IamResource.Bucket(EvidenceBucket.Default("acme-prod").Name);

    public static IamResource Identity { get; } = IamResource.Identity("production-signer@acme-prod.iam.gserviceaccount.com");

    public static IReadOnlyList<IamAuditLog> AuditLogs { get; } = [new("containeranalysis.googleapis.com", "DATA_WRITE", []), new("cloudkms.googleapis.com", "DATA_READ", [])];

    public static AuditedAccess Access { get; } = new(
        [
            Read(
                Project,
                new IamPolicy([Grant("roles/containeranalysis.occurrences.editor", Signer), Grant("roles/viewer", "user:dev@acme.example"), Grant("roles/cloudkms.serviceAgent", "serviceAccount:service-42@gcp-sa-cloudkms.iam.gserviceaccount.com")], AuditLogs)),
            Read(KeyRing, Grant("roles/cloudkms.viewer", Auditor)),
            Read(Key, Grant("roles/cloudkms.signer", Signer), Grant("roles/cloudkms.publicKeyViewer", Signer, Rotator), Grant(RotatorRole, Rotator)),
            Read(AuditKey, Grant("roles/cloudkms.signer", Auditor)),
            Read(Note, Grant("roles/containeranalysis.notes.attacher", Signer), Grant("roles/containeranalysis.notes.occurrences.viewer", Auditor)),
            Read(Attestor, Grant("roles/binaryauthorization.attestorsVerifier", Signer, Auditor), Grant("roles/binaryauthorization.attestorsEditor", Rotator)),
            Read(Policy, Grant("roles/binaryauthorization.policyViewer", Auditor)),
            Read(Bucket, Grant("roles/storage.objectCreator", Signer, Rotator, Auditor)),
            Read(Identity),
        ],
        new Dictionary<string, Fact<IReadOnlySet<string>>>
        {
            [RotatorRole] = Known<IReadOnlySet<string>>(new HashSet<string> { "cloudkms.cryptoKeyVersions.create", "cloudkms.cryptoKeyVersions.update", "cloudkms.cryptoKeyVersions.list" }),
        },
        Known<BucketDescription?>(new BucketDescription(TimeSpan.FromDays(400), true, false)));

    public static IamBinding Grant(string role, params string[] members) => new(role, members);

    /// <summary>The clean environment with more bindings on one resource.</summary>
    public static AuditFacts With(IamResource resource, params IamBinding[] more) => CleanFacts.Facts with
    {
        Access = Replace(resource, policy => CleanFacts.Known(((Fact<IamPolicy>.Known)policy).Value with { Bindings = [.. ((Fact<IamPolicy>.Known)policy).Value.Bindings, .. more] })),
    };

    /// <summary>The clean environment in which one resource's policy is another.</summary>
    public static AuditedAccess Replace(IamResource resource, Func<Fact<IamPolicy>, Fact<IamPolicy>> change) => Access with
    {
        Policies = [.. Access.Policies.Select(policy => policy.Resource == resource ? policy with { Policy = change(policy.Policy) } : policy)],
    };

    /// <summary>The same facts with other options.</summary>
    public static AuditFacts WithOptions(AuditFacts facts, AuditOptions options) => facts with { Request = facts.Request with { Options = options } };

    public static AuditOptions Administered(params string[] administrators)
    {
        var options = new AuditOptions();
        foreach (var administrator in administrators)
        {
            options.Administrators.Add(administrator);
        }

        return options;
    }

    private static AuditedIamPolicy Read(IamResource resource, params IamBinding[] bindings) => Read(resource, new IamPolicy(bindings, []));

    private static AuditedIamPolicy Read(IamResource resource, IamPolicy policy) => new(resource, Known(policy));

    private static Fact<T> Known<T>(T value) => new Fact<T>.Known(value);
}
