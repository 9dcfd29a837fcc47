using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using BinAuthz.Approval;
using BinAuthz.Attestations;
using BinAuthz.Auditing;
using BinAuthz.Auditing.Reports;
using BinAuthz.Decisions;
using BinAuthz.GoogleCloud;
using BinAuthz.Images;
using BinAuthz.Keys;
using BinAuthz.Rotation;
using Grpc.Core;
using Ca = Grafeas.V1;

namespace BinAuthz.EndToEnd.Tests.Auditing;

/// <summary>Defects of attestations and of coverage, planted in an environment and found.</summary>
public sealed class PlantedAttestationTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Audit_OneDefectOfEachKind_FindsEachAtItsPlaceAndNothingElse()
    {
        await using var world = await AuditWorld.StartAsync();
        world.Signing.Emulator.Switches.RefuseDuplicateAttestations = false;
        using var foreign = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var (retired, revoked) = (world.Subject.Key.Version(7), world.Subject.Key.Version(8));
        await RecordAsync(world, new KeyRecord(retired, KeyRecordKind.Retired, Now(-48), foreign.ExportSubjectPublicKeyInfoPem(), SignatureAlgorithm.Default, "a successor signs"));
        await RecordAsync(world, new KeyRecord(revoked, KeyRecordKind.Revoked, Now(-1), foreign.ExportSubjectPublicKeyInfoPem(), SignatureAlgorithm.Default, "a laptop was stolen") { CompromisedSince = Now(-2) });
        var (uri, payload, version) = (world.Image.ResourceUri, AttestationPayload.Create(world.Image), world.Version.PublicKeyId);
        var (garbage, other) = (Encoding.UTF8.GetBytes("garbage"), AttestationPayload.Create(AuditWorld.NewImage()));
        var unsigned = await world.Signing.PushAsync();
        var byHand = await world.Signing.PushAsync();
        var running = AuditWorld.NewImage();
        await RunAsync(world, running);
        await RefuseAsync(world, unsigned, "not_ready");
        var planted = new Dictionary<string, string>
        {
            ["BA101"] = await world.PlantAsync(uri, payload, (retired.PublicKeyId, Sign(foreign, payload))),
            ["BA102"] = await world.PlantAsync(uri, payload, ("//keys.example/foreign", Sign(foreign, payload))),
            ["BA103"] = await world.PlantAsync(uri, payload, (version, Sign(foreign, payload))),
            ["BA104"] = await world.PlantAsync(uri, other, (version, await world.SignAsync(other))),
            ["BA105"] = await world.PlantAsync(uri, garbage, (version, await world.SignAsync(garbage))),
            ["BA106"] = await world.AttestAsync(AuditWorld.NewImage()),
            ["BA108"] = await world.AttestAsync(byHand),
            ["BA109"] = await world.PlantAsync(uri, payload, (revoked.PublicKeyId, Sign(foreign, payload))),
            ["BA110"] = await world.PlantAsync(uri, payload, [.. Enumerable.Repeat(("//keys.example/foreign", Sign(foreign, payload)), 10_000)]),
        };
        await world.AttestAsync(world.Index);
        var earlier = new AuditReport("production", AuditWorld.Project, Now(-24), Now(-48), [], [], [], new ReportedCoverage(1, 1, 0, 0, 100), []);

        var report = await world.Auditor.AuditAsync(
            world.Request(TimeSpan.FromHours(25)) with { Deadlines = new Dictionary<AttestorName, TimeSpan> { [world.Subject.Attestor] = TimeSpan.FromHours(24) } },
            new PreviousAudit(new PreviousReport("audits/production/x/statement.dsse.json", "sha256:0", 1), earlier),
            Stop);

        Assert.All(planted.Where(each => each.Key is not "BA101"), each => Assert.Equal(each.Value, Assert.Single(AuditWorld.Findings(report, each.Key)).Resource));
        // What a revoked key signed counts no more either.
        Assert.Equal(new[] { planted["BA101"], planted["BA109"] }.Order(StringComparer.Ordinal), AuditWorld.Findings(report, "BA101").Select(finding => finding.Resource));
        Assert.Equal(world.Index.ToString(), Assert.Single(AuditWorld.Findings(report, "BA107")).Resource);
        Assert.Equal(unsigned.ToString(), Assert.Single(AuditWorld.Findings(report, "BA401")).Image);
        Assert.Equal(running.Digest.Value, Assert.Single(AuditWorld.Findings(report, "BA402")).Image);
        Assert.Equal(unsigned.ToString(), Assert.Single(AuditWorld.Findings(report, "BA403")).Image);
        Assert.Single(AuditWorld.Findings(report, "BA404"));
        Assert.Equal(new ReportedCoverage(4, 3, 1, 0, 60), report.Coverage);
        Assert.Equal((14, 7), (Assert.Single(report.Attestors).Attestations, report.Attestors[0].Valid));
    }

    [Fact]
    public async Task Audit_SourcesThatCannotBeRead_AreNotAssessedOrFailTheRun()
    {
        await using var world = await AuditWorld.StartAsync();
        var faults = world.Signing.Emulator.Faults;
        await AssertNotAssessedAsync(world, "ListNoteOccurrences", "BA101 BA102 BA103 BA104 BA105 BA106 BA107 BA108 BA109 BA110 BA401 BA402 BA403 BA404");
        await AssertNotAssessedAsync(world, "ListDockerImages", "BA106 BA107 BA108 BA401 BA402 BA403 BA404");
        await AssertNotAssessedAsync(world, "ListAssets", "BA106 BA107 BA108 BA401 BA402 BA403 BA404");
        await AssertNotAssessedAsync(world, "ListRepositories", "BA106 BA107 BA108 BA401 BA402 BA403 BA404");

        faults.FailNext("ListDockerImages", StatusCode.Internal, 100);
        var error = await Assert.ThrowsAsync<GoogleCallException>(() => world.ReportAsync());
        Assert.True(error.IsTransient);
        faults.Clear();

        await world.Analysis.DeleteNoteAsync(new Ca.DeleteNoteRequest { Name = world.Signing.Note.ToString() }, cancellationToken: Stop);
        var report = await world.ReportAsync();
        Assert.Contains("NotFound", report.Rules.Single(rule => rule.Id == "BA103").Reason, StringComparison.Ordinal);
    }

    private static async Task AssertNotAssessedAsync(AuditWorld world, string method, string rules)
    {
        world.Signing.Emulator.Faults.FailNext(method, StatusCode.PermissionDenied, 100);
        var report = await world.ReportAsync();
        world.Signing.Emulator.Faults.Clear();

        var not = report.Rules.Where(rule => rule.Status == RuleStatus.NotAssessed && rule.Id is ['B', 'A', '1' or '4', ..]).ToArray();
        Assert.Equal(rules, string.Join(' ', not.Select(rule => rule.Id)));
        Assert.All(not, rule => Assert.Contains("PermissionDenied", rule.Reason, StringComparison.Ordinal));
    }

    private static DateTimeOffset Now(int hours) => TimeProvider.System.GetUtcNow() + TimeSpan.FromHours(hours);

    private static byte[] Sign(ECDsa key, byte[] payload) => key.SignData(payload, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);

    private static Task RecordAsync(AuditWorld world, KeyRecord record) => world.Get<KeyRecords>().StoreAsync(world.Subject.Attestor, record, Stop);

    private static Task RefuseAsync(AuditWorld world, ImageReference image, string outcome)
    {
        var decision = new Decision(TimeProvider.System.GetUtcNow(), "production", world.Subject.Attestor, image, outcome, "The scan is missing.", ApprovalMode.Enforce, "sha256:0", []);
        return world.Get<RefusalRecords>().StoreAsync(world.Get<EvidenceBucket>(), decision, DecisionJson.Write(decision), Stop);
    }

    private static async Task RunAsync(AuditWorld world, ImageReference image)
    {
        var pod = new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Pod",
            ["metadata"] = new JsonObject { ["name"] = "unchecked", ["labels"] = new JsonObject { ["image-policy.k8s.io/break-glass"] = "true" } },
            ["spec"] = new JsonObject { ["containers"] = new JsonArray(new JsonObject { ["name"] = "main", ["image"] = image.ToString() }) },
        };
        using var answer = await world.Signing.Http.PostAsJsonAsync($"clusters/{AuditWorld.Project}/us-central1/prod/api/v1/namespaces/default/pods", pod, Stop);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Stop));
    }
}
