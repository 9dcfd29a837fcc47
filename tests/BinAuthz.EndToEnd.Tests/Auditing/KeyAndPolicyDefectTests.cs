using System.Net.Http.Json;
using System.Security.Cryptography;
using BinAuthz.Auditing;
using BinAuthz.Auditing.Reports;
using BinAuthz.EndToEnd.Tests.Signing;
using BinAuthz.GoogleCloud;
using BinAuthz.Keys;
using BinAuthz.Setup;
using BinAuthz.Signing;
using Grpc.Core;
using Authz = Google.Cloud.BinaryAuthorization.V1;
using Ca = Grafeas.V1;
using Enforcement = Google.Cloud.BinaryAuthorization.V1.AdmissionRule.Types.EnforcementMode;
using Evaluation = Google.Cloud.BinaryAuthorization.V1.AdmissionRule.Types.EvaluationMode;
using Kms = Google.Cloud.Kms.V1;

namespace BinAuthz.EndToEnd.Tests.Auditing;

/// <summary>
/// Each defect of keys, attestors and the policy, planted as whoever may do it could. Defects that leave each other alone share an
/// environment, and those of the policy a report.
/// </summary>
public sealed class KeyAndPolicyDefectTests : IAsyncLifetime
{
    private const string Policy = $"projects/{SigningWorld.Project}/policy";
    private static readonly string[] Rules = ["BA201", "BA202", "BA203", "BA204", "BA205", "BA206", "BA207", "BA208", "BA209", "BA210", "BA301", "BA302", "BA303", "BA304", "BA305", "BA306"];

    // A version 4 RSA key of a few bits, made by hand: its packet is 04, a time, 01, and two small numbers.
    private const string PgpId = "9086432C977E048DDA2035173674A607FB211EA6";
    private const string PgpKey = "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmBAEZQAAAAEAEQEAAQARAQAB\n-----END PGP PUBLIC KEY BLOCK-----\n";
    private AuditWorld world = null!;

    private string KeyResource => $"{world.Subject.Attestor}#{world.Version.PublicKeyId}";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => world = await AuditWorld.StartAsync();

    public ValueTask DisposeAsync() => world.DisposeAsync();

    [Fact]
    public async Task Audit_DefectsOfKeys_AreFound()
    {
        Assert.Empty(Of(await world.ReportAsync()));
        using var ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var rsa = RSA.Create(2048);
        var (own, foreign, weak) = (ec.ExportSubjectPublicKeyInfoPem(), Pkix("ni:///sha-256;foreign", ec.ExportSubjectPublicKeyInfoPem(), "ec-sign-p256-sha256"), Pkix("ni:///sha-256;weak", rsa.ExportSubjectPublicKeyInfoPem(), "rsa-sign-pss-2048-sha256"));

        // BA205 a PGP key, which is no version either.
        await world.ChangeAttestorAsync(attestor => attestor.UserOwnedGrafeasNote.PublicKeys.Add(new Authz.AttestorPublicKey { AsciiArmoredPgpPublicKey = PgpKey }));
        await ExpectAsync(("BA202", AuditSeverity.High, PgpId), ("BA205", AuditSeverity.Medium, PgpId));
        await world.ChangeAttestorAsync(attestor => attestor.UserOwnedGrafeasNote.PublicKeys.RemoveAt(1));

        // BA202 somebody's own key, BA204 a weak one.
        await world.ChangeAttestorAsync(attestor => attestor.UserOwnedGrafeasNote.PublicKeys.AddRange([foreign, weak]));
        await ExpectAsync(("BA202", AuditSeverity.High, "ni:///sha-256;foreign"), ("BA202", AuditSeverity.High, "ni:///sha-256;weak"), ("BA204", AuditSeverity.Low, "ni:///sha-256;weak"));

        // BA207 the same key under another name in staging.
        await SetUpStagingAsync(foreign);
        await ExpectAsync(
            ("BA202", AuditSeverity.High, "ni:///sha-256;foreign"), ("BA202", AuditSeverity.High, "ni:///sha-256;weak"), ("BA204", AuditSeverity.Low, "ni:///sha-256;weak"), ("BA207", AuditSeverity.Critical, "ni:///sha-256;foreign"));

        // BA209 another public key under the version's id.
        await world.ChangeAttestorAsync(attestor =>
        {
            attestor.UserOwnedGrafeasNote.PublicKeys.Clear();
            attestor.UserOwnedGrafeasNote.PublicKeys.Add(Pkix(world.Version.PublicKeyId, own, "ec-sign-p256-sha256"));
        });
        var found = Of(await world.ReportAsync());
        Assert.Contains(found, finding => (finding.Rule, finding.Severity, finding.Resource) == ("BA209", AuditSeverity.Critical, KeyResource));

        // BA206 no key at all.
        await world.ChangeAttestorAsync(attestor => attestor.UserOwnedGrafeasNote.PublicKeys.Clear());
        Assert.Equal([("BA206", AuditSeverity.High, world.Subject.Attestor.ToString())], Short(Of(await world.ReportAsync())));
    }

    [Fact]
    public async Task Audit_DefectsOfVersions_AreFound()
    {
        // BA203 grown old, and BA208 in software.
        await ExpectAsync(TimeSpan.FromDays(92) + TimeSpan.FromHours(1), ("BA203", AuditSeverity.Medium, world.Version.PublicKeyId));
        var software = await TrustSoftwareKeyAsync();
        Assert.Equal(
            [("BA208", AuditSeverity.Medium, $"{software.Attestor}#{software.Key.Version(1).PublicKeyId}")],
            Short(Of(await world.Auditor.AuditAsync(world.Request() with { Subjects = [software] }, null, Stop)).Where(finding => finding.Rule == "BA208")));

        // BA201 disabled, and what Cloud KMS gives out no more cannot be compared.
        await world.Get<KeyManagementClient>().DisableAsync(world.Version, Stop);
        var report = await world.ReportAsync();
        Assert.Contains(report.Findings, finding => (finding.Rule, finding.Severity, finding.Resource) == ("BA201", AuditSeverity.High, KeyResource));
        Assert.Equal(RuleStatus.NotAssessed, report.Rules.Single(rule => rule.Id == "BA209").Status);

        // BA210 the note, then the attestor.
        await world.Analysis.DeleteNoteAsync(new Ca.DeleteNoteRequest { Name = world.Signing.Note.ToString() }, cancellationToken: Stop);
        Assert.Contains((await world.ReportAsync()).Findings, finding => (finding.Rule, finding.Severity, finding.Resource) == ("BA210", AuditSeverity.Critical, world.Signing.Note.ToString()));
        await world.Management.DeleteAttestorAsync(new Authz.DeleteAttestorRequest { Name = world.Subject.Attestor.ToString() }, cancellationToken: Stop);
        var gone = Of(await world.ReportAsync());
        Assert.Contains(gone, finding => (finding.Rule, finding.Severity, finding.Resource) == ("BA210", AuditSeverity.Critical, world.Subject.Attestor.ToString()));
        Assert.Contains(gone, finding => (finding.Rule, finding.Severity) == ("BA304", AuditSeverity.High) && finding.Resource.EndsWith($"requireAttestationsBy['{world.Subject.Attestor}']", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Audit_DefectsOfThePolicy_AreFound()
    {
        const string Pattern = "us-docker.pkg.dev/acme**";
        await world.ChangePolicyAsync(policy =>
        {
            policy.GlobalPolicyEvaluationMode = Authz.Policy.Types.GlobalPolicyEvaluationMode.Disable;
            policy.AdmissionWhitelistPatterns.Add(new Authz.AdmissionWhitelistPattern { NamePattern = Pattern });
            policy.DefaultAdmissionRule.EnforcementMode = Enforcement.DryrunAuditLogOnly;
            policy.ClusterAdmissionRules["us-central1.open"] = new Authz.AdmissionRule { EvaluationMode = Evaluation.AlwaysAllow, EnforcementMode = Enforcement.EnforcedBlockAndAuditLog };
        });
        await MakeClusterAsync("open", "PROJECT_SINGLETON_POLICY_ENFORCE");
        await MakeClusterAsync("shut", "POLICY_BINDINGS_AND_PROJECT_SINGLETON_POLICY_ENFORCE");
        await MakeClusterAsync("asleep", "DISABLED");

        Assert.Equal(
            [
                ("BA301", AuditSeverity.Low, $"{Policy}#$.globalPolicyEvaluationMode"),
                ("BA301", AuditSeverity.High, $"{Policy}#$.admissionWhitelistPatterns['{Pattern}']"),
                ("BA301", AuditSeverity.High, $"{Policy}#$.clusterAdmissionRules['us-central1.open']"),
                ("BA301", AuditSeverity.High, $"{Policy}#$.defaultAdmissionRule.enforcementMode"),
                ("BA302", AuditSeverity.Critical, $"{Policy}#$.clusterAdmissionRules['us-central1.open'].evaluationMode"),
                ("BA302", AuditSeverity.Critical, $"{Policy}#$.defaultAdmissionRule.enforcementMode"),
                ("BA303", AuditSeverity.High, $"{Policy}#$.admissionWhitelistPatterns['{Pattern}']"),
                ("BA305", AuditSeverity.Critical, $"projects/{SigningWorld.Project}/locations/us-central1/clusters/asleep"),
                ("BA306", AuditSeverity.Medium, $"{Policy}#$.globalPolicyEvaluationMode"),
            ],
            Short(Of(await world.ReportAsync())));

        // What may not be read is not assessed.
        world.Signing.Emulator.Faults.FailNext("ListClusters", StatusCode.PermissionDenied);
        var report = await world.ReportAsync();
        var rule = report.Rules.Single(each => each.Id == "BA305");
        Assert.Equal(RuleStatus.NotAssessed, rule.Status);
        Assert.Contains("container.clusters.list", rule.Reason, StringComparison.Ordinal);
        Assert.Equal(RuleStatus.Failed, report.Rules.Single(each => each.Id == "BA302").Status);
    }

    private async Task MakeClusterAsync(string name, string mode)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri($"v1/projects/{SigningWorld.Project}/locations/us-central1/clusters", UriKind.Relative));
        request.Content = JsonContent.Create(new { cluster = new { name, binaryAuthorization = new { evaluationMode = mode } } });
        using var answer = await world.Signing.Http.SendAsync(request, Stop);
        answer.EnsureSuccessStatusCode();
    }

    private async Task SetUpStagingAsync(Authz.AttestorPublicKey shared)
    {
        var attestor = new Authz.Attestor { Name = $"projects/{SigningWorld.Project}/attestors/staging-attestor", UserOwnedGrafeasNote = new Authz.UserOwnedGrafeasNote { NoteReference = world.Signing.Note.ToString() } };
        var other = shared.Clone();
        other.Id = "ni:///sha-256;of-staging";
        attestor.UserOwnedGrafeasNote.PublicKeys.Add(other);
        await world.Management.CreateAttestorAsync(new Authz.CreateAttestorRequest { Parent = $"projects/{SigningWorld.Project}", AttestorId = "staging-attestor", Attestor = attestor }, cancellationToken: Stop);
    }

    // Protection levels cannot be changed: another attestor with a key of its own.
    private async Task<SigningIdentity> TrustSoftwareKeyAsync()
    {
        var (attestor, _, key) = DeploymentEnvironment.Production.FurtherAttestor(SigningWorld.Project, SigningWorld.Location, "production-built");
        await world.KeyManagement.CreateCryptoKeyAsync(
            new Kms.CreateCryptoKeyRequest
            {
                Parent = $"projects/{key.Project}/locations/{key.Location}/keyRings/{key.KeyRing}",
                CryptoKeyId = key.Key,
                CryptoKey = new Kms.CryptoKey
                {
                    Purpose = Kms.CryptoKey.Types.CryptoKeyPurpose.AsymmetricSign,
                    VersionTemplate = new Kms.CryptoKeyVersionTemplate { Algorithm = SignatureAlgorithm.Default.Kms, ProtectionLevel = Kms.ProtectionLevel.Software },
                },
            },
            cancellationToken: Stop);
        await world.Signing.Get<TrustSetup>().ApplyAsync(
            new SetupRequest(SigningWorld.Project, DeploymentEnvironment.Production, SigningWorld.Location, SignatureAlgorithm.Default) { FurtherAttestors = ["production-built"] }, new Progress<SetupStep>(), Stop);
        WorldAccess.Enforce(world.Signing.Emulator, SigningWorld.Project, "production", "production-built");
        return new SigningIdentity("production", attestor, key);
    }

    private Task ExpectAsync(params (string Rule, AuditSeverity Severity, string KeyId)[] expected) => ExpectAsync(TimeSpan.Zero, expected);

    private async Task ExpectAsync(TimeSpan later, params (string Rule, AuditSeverity Severity, string KeyId)[] expected) =>
        Assert.Equal([.. expected.Select(each => (each.Rule, each.Severity, $"{world.Subject.Attestor}#{each.KeyId}"))], Short(Of(await world.ReportAsync(later))));

    private static IReadOnlyList<(string Rule, AuditSeverity Severity, string Resource)> Short(IEnumerable<AuditFinding> findings) =>
        [.. findings.Select(finding => (finding.Rule, finding.Severity, finding.Resource)).OrderBy(each => each.Rule, StringComparer.Ordinal).ThenBy(each => each.Severity).ThenBy(each => each.Resource, StringComparer.Ordinal)];

    private static IReadOnlyList<AuditFinding> Of(AuditReport report) => [.. report.Findings.Where(finding => Rules.Contains(finding.Rule))];

    private static Authz.AttestorPublicKey Pkix(string id, string pem, string algorithm) =>
        new() { Id = id, PkixPublicKey = new Authz.PkixPublicKey { PublicKeyPem = pem, SignatureAlgorithm = SignatureAlgorithm.Parse(algorithm).BinAuthz } };
}
