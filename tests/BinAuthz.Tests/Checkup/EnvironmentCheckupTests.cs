using System.Security.Cryptography;
using BinAuthz.Admission;
using BinAuthz.Attestations;
using BinAuthz.Checkup;
using BinAuthz.Checkup.Checks;
using BinAuthz.Checkup.Facts;
using BinAuthz.GoogleCloud;
using BinAuthz.Images;
using BinAuthz.Keys;
using BinAuthz.Policies;
using BinAuthz.Setup;
using static BinAuthz.Tests.Checkup.HealthyFacts;
using Authz = Google.Cloud.BinaryAuthorization.V1;
using Purpose = Google.Cloud.Kms.V1.CryptoKey.Types.CryptoKeyPurpose;
using State = Google.Cloud.Kms.V1.CryptoKeyVersion.Types.CryptoKeyVersionState;

namespace BinAuthz.Tests.Checkup;

/// <summary>One thing is wrong with a healthy environment; the checks say which, and what mends it.</summary>
public sealed class EnvironmentCheckupTests
{
    private static readonly ImageReference Image = ImageReference.Parse($"us-central1-docker.pkg.dev/acme-prod/app/server@sha256:{new string('a', 64)}");

    private static readonly Dictionary<string, Case> Cases = new()
    {
        ["nothing"] = new(facts => facts, [], ""),

        ["policy: refused"] = new(facts => Policies(facts, policies => policies with { Policy = Unknown<Authz.Policy>(transient: false) }), ["Unchecked policy"], "Ask."),
        ["policy: dry run"] = new(facts => WithPolicy(facts, policy => policy.DefaultAdmissionRule.EnforcementMode = Authz.AdmissionRule.Types.EnforcementMode.DryrunAuditLogOnly), ["Failed policy-dry-run-in-production"], "binauthz policy apply"),
        ["policy: asks for another"] = new(facts => WithPolicy(facts, policy => policy.DefaultAdmissionRule.RequireAttestationsBy[0] = "projects/x/attestors/y"), ["Failed attestor-in-rule"], "binauthz policy render production --project acme-prod --attestor projects/acme-prod/attestors/production-attestor --cluster us-central1.prod"),
        ["policy: another attestor is missing"] = new(facts => Policies(WithPolicy(facts, policy => policy.DefaultAdmissionRule.RequireAttestationsBy.Add("projects/x/attestors/y")), policies => policies with { Attestors = new Dictionary<AttestorName, Fact<Attestor?>> { [AttestorName.Parse("projects/x/attestors/y")] = Known<Attestor?>(null) } }), ["Failed policy-attestor-not-found"], "binauthz policy apply"),
        ["policy: another attestor is refused"] = new(facts => Policies(WithPolicy(facts, policy => policy.DefaultAdmissionRule.RequireAttestationsBy.Add("projects/x/attestors/y")), policies => policies with { Attestors = new Dictionary<AttestorName, Fact<Attestor?>> { [AttestorName.Parse("projects/x/attestors/y")] = Unknown<Attestor?>(transient: true) } }), ["Unchecked policy-attestor"], "Ask."),
        ["policy: cluster rule only for another"] = new(facts => WithPolicy(facts, policy => policy.ClusterAdmissionRules["us-central1.other"] = Denying()), [], ""),
        ["policy: cluster rule denies"] = new(facts => WithPolicy(facts, policy => policy.ClusterAdmissionRules["us-central1.prod"] = Denying()), ["Failed attestor-in-rule"], "binauthz policy render"),
        ["policy: cannot be evaluated"] = new(facts => WithPolicy(facts, policy => policy.DefaultAdmissionRule = new Authz.AdmissionRule()), ["Failed policy"], "binauthz policy render"),
        ["policy: system pods blocked"] = new(facts => WithPolicy(facts, policy => policy.GlobalPolicyEvaluationMode = Authz.Policy.Types.GlobalPolicyEvaluationMode.Disable), ["Warning policy-global-evaluation-off", "Failed system-images"], "globalPolicyEvaluationMode: ENABLE"),
        ["policy: allow-list that misses nested system images"] = new(
            facts => WithPolicy(facts, policy =>
            {
                policy.GlobalPolicyEvaluationMode = Authz.Policy.Types.GlobalPolicyEvaluationMode.Disable;
                policy.AdmissionWhitelistPatterns.Add(new Authz.AdmissionWhitelistPattern { NamePattern = "gke.gcr.io/*" });
            }),
            ["Warning policy-pattern-within-one-segment", "Warning policy-global-evaluation-off", "Failed system-images"],
            "globalPolicyEvaluationMode: ENABLE"),
        ["system policy: refused"] = new(facts => Policies(facts, policies => policies with { System = Unknown<Authz.Policy>(transient: true) }), ["Unchecked system-images"], "Ask."),

        ["attestor: missing"] = new(facts => Of(facts, each => each with { Attestor = Known<Attestor?>(null), Note = null }), ["Failed attestor"], "`binauthz setup acme-prod production`"),
        ["attestor: refused"] = new(facts => Of(facts, each => each with { Attestor = Unknown<Attestor?>(transient: false), Note = null }), ["Unchecked attestor"], "Ask."),
        ["attestor: without keys"] = new(facts => WithKeys(facts), ["Failed attestor", "Failed signing-version"], "`binauthz setup acme-prod production`"),
        ["attestor: another environment's note"] = new(facts => Of(facts, each => each with { Attestor = Known<Attestor?>(OurAttestor with { Note = DeploymentEnvironment.Staging.Note(Project) }) }), ["Failed note"], "attestors delete"),
        ["note: missing"] = new(facts => Of(facts, each => each with { Note = Known<NoteDescription?>(null) }), ["Failed note"], "`binauthz setup acme-prod production`"),
        ["note: of another kind"] = new(facts => Of(facts, each => each with { Note = Known<NoteDescription?>(new NoteDescription(IsAttestation: false, "")) }), ["Failed note"], "Delete it"),
        ["note: without hint"] = new(facts => Of(facts, each => each with { Note = Known<NoteDescription?>(new NoteDescription(IsAttestation: true, "")) }), ["Warning note"], "updateMask=attestation.hint.humanReadableName"),

        ["trusted key: another PEM"] = new(facts => WithKeys(facts, Listed(1) with { Pem = OtherPem() }), ["Failed trusted-key"], "public-keys remove '//cloudkms.googleapis.com/v1/projects/acme-prod/locations/us-central1/keyRings/production-binauthz/cryptoKeys/attestor-key/cryptoKeyVersions/1' --attestor=production-attestor"),
        ["trusted key: another algorithm"] = new(facts => WithKeys(facts, Listed(1), Listed(2) with { Algorithm = SignatureAlgorithm.Parse("ec-sign-p384-sha384") }, second: true), ["Failed trusted-key"], "--keyversion=2"),
        ["trusted key: other line ends"] = new(facts => WithKeys(facts, Listed(1) with { Pem = Pem.Replace("\n", "\r\n", StringComparison.Ordinal) }), [], ""),
        ["trusted key: disabled and still trusted"] = new(facts => Of(WithKeys(facts, Listed(1), Listed(2)), each => each with { Key = Known<KeyFacts?>(KeyWith((1, State.Disabled), (2, State.Enabled))) }), ["Warning trusted-key"], "public-keys remove"),
        ["trusted key: forgotten and still trusted"] = new(facts => Of(WithKeys(facts, Listed(1), Listed(2)), each => each with { Key = Known<KeyFacts?>(KeyWith((2, State.Enabled))) }), ["Warning trusted-key"], "public-keys remove"),
        ["trusted key: PKIX of somebody"] = new(facts => WithKeys(facts, Listed(1), Listed(1) with { Id = "ni:///sha-256;EwVxs8fNUAHq9FI2AMfh8WNIXVBuuTMeGtPH72U-I70" }), ["Warning trusted-key"], "public-keys remove 'ni:///sha-256;"),
        ["trusted key: of another key"] = new(facts => WithKeys(facts, Listed(1), Listed(1) with { Id = DeploymentEnvironment.Staging.Key(Project, "us-central1").Version(1).PublicKeyId }), ["Warning trusted-key"], "public-keys remove"),
        ["trusted key: id without the host"] = new(facts => WithKeys(facts, Listed(1) with { Id = Key.Version(1).ToString() }), ["Warning trusted-key", "Failed signing-version"], "`binauthz setup acme-prod production`"),

        ["key: missing"] = new(facts => Of(facts, each => each with { Key = Known<KeyFacts?>(null) }), ["Warning trusted-key", "Failed key"], "`binauthz setup acme-prod production`"),
        ["key: of another purpose"] = new(facts => WithKey(facts, key => key with { Description = key.Description with { Purpose = Purpose.EncryptDecrypt } }), ["Failed key"], "Name another key"),
        ["key: with a rotation period"] = new(facts => WithKey(facts, key => key with { Description = key.Description with { HasRotation = true } }), ["Warning key-rotation"], "--remove-rotation-schedule"),
        ["key: versions are refused"] = new(facts => WithKey(facts, key => key with { Versions = Unknown<IReadOnlyList<KeyVersionDescription>>(transient: false) }), ["Unchecked trusted-key", "Unchecked signing-version"], "Ask."),
        ["version: all disabled"] = new(facts => Of(facts, each => each with { Key = Known<KeyFacts?>(KeyWith((1, State.Disabled))) }), ["Warning trusted-key", "Failed signing-version"], "gcloud kms keys versions enable"),
        ["version: newest is not listed"] = new(facts => Of(facts, each => each with { Key = Known<KeyFacts?>(KeyWith((1, State.Enabled), (2, State.Enabled))) }), ["Warning newest-version"], "--keyversion=2"),
        ["version: newest is still young"] = new(facts => Of(WithKeys(facts, Listed(1), Listed(2, "trusted since 2026-10-01T07:59:00Z")), each => each with { Key = Known<KeyFacts?>(KeyWith((1, State.Enabled), (2, State.Enabled))) }), [], ""),

        ["permission: to sign"] = new(facts => Of(facts, each => each with { Permissions = [each.Permissions[0] with { Held = Known<IReadOnlySet<string>>(new HashSet<string>()) }] }), ["Failed key-permission"], "`gcloud kms keys add-iam-policy-binding attestor-key --keyring=production-binauthz --location=us-central1 --project=acme-prod --member=MEMBER --role=roles/cloudkms.signer`"),
        ["permission: to attest"] = new(facts => Of(facts, each => each with { Permissions = [new HeldPermissions("note-permission", Note.ToString(), [Access.Attach], Known<IReadOnlySet<string>>(new HashSet<string>()))] }), ["Failed note-permission"], "`gcloud projects add-iam-policy-binding acme-prod --member=MEMBER --role=roles/containeranalysis.notes.attacher`"),

        ["bucket: missing"] = new(facts => facts with { Project = facts.Project with { Bucket = Known<BucketDescription?>(null) } }, ["Failed evidence-bucket"], "`binauthz setup acme-prod production`"),
        ["bucket: no retention"] = new(facts => facts with { Project = facts.Project with { Bucket = Known<BucketDescription?>(new BucketDescription(null, IsRetentionLocked: false, KeepsVersions: false)) } }, ["Warning evidence-retention"], "`binauthz setup acme-prod production` sets one"),
        ["topic: decisions"] = new(facts => Without(facts, ProjectTopics.Decisions(Request)), ["Failed decisions-topic"], "gcloud pubsub topics create"),
        ["topic: alerts"] = new(facts => Without(facts, ProjectTopics.Alerts(Request)), ["Warning alerts-topic"], "gcloud pubsub topics create"),
        ["topic: resign"] = new(facts => Without(facts, ProjectTopics.Resign(Request)), ["Warning resign-topic"], "`binauthz setup acme-prod production`"),
        ["topic: findings"] = new(facts => Without(facts, ProjectTopics.Findings(Request)), ["Warning findings-topic"], "`binauthz setup acme-prod production`"),
        ["topic: audit"] = new(facts => Without(facts, ProjectTopics.Audit(Request)), ["Warning audit-topic"], "`binauthz setup acme-prod production`"),
        ["topic: dead letters"] = new(facts => Without(facts, ProjectTopics.DeadLetters(Request)), ["Warning dead-letters-topic"], "`binauthz setup acme-prod production`"),
        ["topic: pushes"] = new(facts => Without(facts, ProjectTopics.Pushes(Request)), ["Warning event-topic"], "`gcloud pubsub topics create projects/acme-prod/topics/gcr`"),
        ["subscriptions: none"] = new(facts => facts with { Project = facts.Project with { Subscriptions = Known<IReadOnlyList<TopicSubscription>>([]) } }, ["Warning subscription", "Warning subscription", "Warning subscription", "Warning subscription"], "--dead-letter-topic=projects/acme-prod/topics/production-dead-letters"),
        ["subscriptions: without dead letters"] = new(facts => facts with { Project = facts.Project with { Subscriptions = Known<IReadOnlyList<TopicSubscription>>([.. facts.Project.Subscriptions.Or([]).Select(each => each.Topic == ProjectTopics.Pushes(Request) ? each with { DeadLetterTopic = "" } : each)]) } }, ["Warning subscription"], "gcloud pubsub subscriptions update projects/acme-prod/subscriptions/gcr --dead-letter-topic="),
        ["sink: none"] = new(facts => WithSinks(facts, _ => null), ["Warning denial-sink", "Warning push-sink"], "gcloud logging sinks create"),
        ["sink: filter that matches nothing"] = new(facts => WithSinks(facts, sink => sink with { Filter = sink.Name == "denials" ? "protoPayload.serviceName=\"binaryauthorization.googleapis.com\" AND protoPayload.response.allow=false" : sink.Filter }), ["Warning denial-sink"], "gcloud logging sinks update denials"),
        ["sink: disabled"] = new(facts => WithSinks(facts, sink => sink with { IsDisabled = sink.Name == "denials" }), ["Warning denial-sink"], "--no-disabled"),
        ["audit log: off"] = new(facts => facts with { Project = facts.Project with { AuditedWrites = Known<IReadOnlySet<string>>(new HashSet<string> { "storage.googleapis.com" }) } }, ["Failed push-audit-log"], "DATA_WRITE"),

        ["grant: missing"] = new(facts => WithPolicy(facts, IamResource.Key(Key), policy => policy with { Bindings = [.. policy.Bindings.Where(each => each.Role != "roles/cloudkms.signer")] }), ["Failed grant"], "`gcloud kms keys add-iam-policy-binding attestor-key --keyring=production-binauthz --location=us-central1 --project=acme-prod --member=serviceAccount:production-signer@acme-prod.iam.gserviceaccount.com --role=roles/cloudkms.signer`"),
        ["grant: under a condition that is not planned"] = new(facts => WithPolicy(facts, IamResource.Topic(ProjectTopics.Alerts(Request)), policy => policy with { Bindings = [.. policy.Bindings.Select(each => each with { Condition = "request.time.getHours() < 12" })] }), ["Failed grant"], "`gcloud pubsub topics add-iam-policy-binding production-alerts --project=acme-prod --member=serviceAccount:production-alerter@acme-prod.iam.gserviceaccount.com --role=roles/pubsub.publisher`"),
        ["grant: missing on the note"] = new(facts => WithPolicy(facts, IamResource.Note(Note), policy => policy with { Bindings = [.. policy.Bindings.Where(each => each.Role != "roles/containeranalysis.notes.attacher")] }), ["Failed grant"], "`binauthz setup acme-prod production` grants it."),
        ["grant: to others too"] = new(facts => WithPolicy(facts, IamResource.Key(Key), policy => policy with { Bindings = [.. policy.Bindings.Select(each => each with { Members = [.. each.Members, "user:ann@acme.example"] })] }), [], ""),
        ["grant: policy refused"] = new(facts => WithPolicy(facts, IamResource.Attestor(Name), Unknown<IamPolicy?>(transient: false)), ["Unchecked grant"], "Ask."),
        ["grant: no such resource"] = new(facts => WithPolicy(facts, IamResource.Attestor(Name), Known<IamPolicy?>(null)), [], ""),
        ["custom role: lacks a permission"] = new(facts => facts with { Grants = facts.Grants with { Roles = facts.Grants.Roles.ToDictionary(role => role.Key, role => (role.Value.Planned, role.Key.EndsWith("/binauthzKeyRotator", StringComparison.Ordinal) ? Known<IReadOnlySet<string>>(role.Value.Planned.Skip(1).ToHashSet()) : role.Value.Held)) } }, ["Failed custom-role"], "`binauthz setup acme-prod production` sets it."),

        ["cluster: bindings only"] = new(facts => facts with { Project = facts.Project with { EvaluationMode = Known<string?>("POLICY_BINDINGS") } }, ["Failed cluster"], "`gcloud container clusters update prod --location=us-central1 --project=acme-prod --binauthz-evaluation-mode=PROJECT_SINGLETON_POLICY_ENFORCE`"),
        ["cluster: both"] = new(facts => facts with { Project = facts.Project with { EvaluationMode = Known<string?>("POLICY_BINDINGS_AND_PROJECT_SINGLETON_POLICY_ENFORCE") } }, [], ""),
        ["cluster: missing"] = new(facts => facts with { Project = facts.Project with { EvaluationMode = Known<string?>(null) } }, ["Failed cluster"], "clusters list"),

        ["image: not attested"] = new(facts => facts with { Image = new ImageFacts(Image.ToString(), Known<ImageDigest?>(Image.Digest), Image, Known(new AdmissionEvidence([OurAttestor], []))) }, ["Failed image-admission"], $"`binauthz sign {Image}`"),
        ["image: unknown to the registry"] = new(facts => facts with { Image = new ImageFacts(Image.ToString(), Known<ImageDigest?>(null), Image, null) }, ["Failed image"], "gcloud artifacts docker images list us-central1-docker.pkg.dev/acme-prod/app "),
        ["image: by tag"] = new(facts => facts with { Image = new ImageFacts($"{Image.Name}:1.0", Known<ImageDigest?>(Image.Digest), Image, null) }, ["Warning image"], $"`{Image}`"),
        ["image: by tag in another registry"] = new(facts => facts with { Image = new ImageFacts("docker.io/library/nginx:1", null, null, null) }, ["Failed image"], "Name it by digest"),
        ["image: attestations are refused"] = new(facts => facts with { Image = new ImageFacts(Image.ToString(), Known<ImageDigest?>(Image.Digest), Image, Unknown<AdmissionEvidence>(transient: true)) }, ["Unchecked image-admission"], "Ask."),
    };

    public static TheoryData<string> Names() => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Judge_OneThingWrong_IsTheOnlyThingTold(string name)
    {
        var given = Cases[name];

        var told = EnvironmentCheckup.Judge(given.Break(Facts)).Where(result => result.Status != CheckStatus.Ok).ToList();

        Assert.Equal(given.Expected, told.Select(result => $"{result.Status} {result.Check}"));
        Assert.All(told, result => Assert.True(result.Found.Length > 0 && result.Remedy.Length > 0, $"{result.Check} says neither what nor how."));
        if (told.Count > 0)
        {
            Assert.Contains(given.Remedy, told.MaxBy(result => result.Status)!.Remedy, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("staging", nameof(EnvironmentStance.DryRun), "")]
    [InlineData("staging", nameof(EnvironmentStance.Enforced), "Warning policy-stance")]
    [InlineData("staging", nameof(EnvironmentStance.Open), "Warning policy-stance|Failed attestor-in-rule")]
    [InlineData("development", nameof(EnvironmentStance.Open), "")]
    [InlineData("development", nameof(EnvironmentStance.DryRun), "")]
    [InlineData("development", nameof(EnvironmentStance.Enforced), "Warning policy-stance")]
    [InlineData("production", nameof(EnvironmentStance.Open), "Failed policy-always-allow-in-production|Failed attestor-in-rule")]
    public void Judge_Stance_IsThatOfTheEnvironment(string environment, string stance, string expected)
    {
        var request = Request with { Environment = DeploymentEnvironment.Parse(environment) };
        var facts = Facts.Policies with { Policy = Known(new EnvironmentPolicyTemplate(Project, Enum.Parse<EnvironmentStance>(stance), [Name]).Render()) };

        var told = PolicyChecks.Judge(request, facts).Where(result => result.Status != CheckStatus.Ok).Select(result => $"{result.Status} {result.Check}");

        Assert.Equal(expected, string.Join('|', told));
    }

    private static CheckupFacts Policies(CheckupFacts facts, Func<PolicyFacts, PolicyFacts> change) => facts with { Policies = change(facts.Policies) };

    private static CheckupFacts WithPolicy(CheckupFacts facts, Action<Authz.Policy> change)
    {
        var policy = Policy;
        change(policy);
        return Policies(facts, policies => policies with { Policy = Known(policy) });
    }

    private static CheckupFacts Of(CheckupFacts facts, Func<AttestorFacts, AttestorFacts> change) => facts with { Attestors = [change(facts.Attestors[0])] };

    private static CheckupFacts WithKeys(CheckupFacts facts, params AttestorKey[] keys) => Of(facts, each => each with { Attestor = Known<Attestor?>(OurAttestor with { Keys = keys }) });

    private static CheckupFacts WithKeys(CheckupFacts facts, AttestorKey one, AttestorKey two, bool second) =>
        Of(WithKeys(facts, one, two), each => second ? each with { Key = Known<KeyFacts?>(KeyWith((1, State.Enabled), (2, State.Enabled))) } : each);

    private static CheckupFacts WithKey(CheckupFacts facts, Func<KeyFacts, KeyFacts> change) => Of(facts, each => each with { Key = Known<KeyFacts?>(change(each.Key.Or(null)!)) });

    private static CheckupFacts Without(CheckupFacts facts, string topic) => facts with
    {
        Project = facts.Project with { Topics = facts.Project.Topics.ToDictionary(each => each.Key, each => each.Key == topic ? Known(false) : each.Value) },
    };

    private static CheckupFacts WithPolicy(CheckupFacts facts, IamResource resource, Func<IamPolicy, IamPolicy> change) =>
        WithPolicy(facts, resource, Known<IamPolicy?>(change(facts.Grants.Policies[resource].Or(null)!)));

    private static CheckupFacts WithPolicy(CheckupFacts facts, IamResource resource, Fact<IamPolicy?> policy) => facts with
    {
        Grants = facts.Grants with { Policies = facts.Grants.Policies.ToDictionary(each => each.Key, each => each.Key == resource ? policy : each.Value) },
    };

    private static CheckupFacts WithSinks(CheckupFacts facts, Func<LogSinkDescription, LogSinkDescription?> change) => facts with
    {
        Project = facts.Project with { Sinks = Known<IReadOnlyList<LogSinkDescription>>([.. facts.Project.Sinks.Or([]).Select(change).OfType<LogSinkDescription>()]) },
    };

    private static Authz.AdmissionRule Denying() => new()
    {
        EvaluationMode = Authz.AdmissionRule.Types.EvaluationMode.AlwaysDeny,
        EnforcementMode = Authz.AdmissionRule.Types.EnforcementMode.EnforcedBlockAndAuditLog,
    };

    private static string OtherPem()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return key.ExportSubjectPublicKeyInfoPem();
    }

    private sealed record Case(Func<CheckupFacts, CheckupFacts> Break, string[] Expected, string Remedy);
}
