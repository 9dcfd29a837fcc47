using System.Text.Json.Nodes;
using BinAuthz.Auditing;
using BinAuthz.Auditing.Reports;
using BinAuthz.EndToEnd.Tests.Signing;
using BinAuthz.GoogleCloud;

namespace BinAuthz.EndToEnd.Tests.Auditing;

/// <summary>Each defect of access, and each event, planted as whoever may do it could; all of them leave each other alone and share a report.</summary>
public sealed class AccessAndEventDefectTests : IAsyncLifetime
{
    private const string Project = SigningWorld.Project;
    private const string Mallory = "user:mallory@evil.example";
    private const string Role = $"projects/{Project}/roles/attestorMender";
    private AuditWorld world = null!;

    private string Bucket => world.Get<EvidenceBucket>().Name;

    public async ValueTask InitializeAsync() => world = await AuditWorld.StartAsync();

    public ValueTask DisposeAsync() => world.DisposeAsync();

    [Fact]
    public async Task Audit_DefectsOfAccess_AreFound()
    {
        // BA505 the log of signatures is off. BA504 follows from the rest.
        await world.SetIamPolicyAsync($"v1/projects/{Project}:setIamPolicy", [("roles/viewer", Mallory)], "containeranalysis.googleapis.com DATA_WRITE");
        await world.SetIamPolicyAsync($"v1/{world.Subject.Key}:setIamPolicy", [("roles/cloudkms.signer", Mallory)]);
        await world.SetIamPolicyAsync($"v1/{world.Signing.Note}:setIamPolicy", [("roles/containeranalysis.notes.attacher", "allUsers")]);
        await world.SendAsync(HttpMethod.Post, $"v1/projects/{Project}/roles", JsonNode.Parse("""{"roleId":"attestorMender","role":{"includedPermissions":["binaryauthorization.attestors.get","binaryauthorization.attestors.update"]}}""")!);
        await world.SetIamPolicyAsync($"v1/{world.Subject.Attestor}:setIamPolicy", [(Role, Mallory)]);
        await world.SetIamPolicyAsync($"storage/v1/b/{Bucket}/iam", [("roles/storage.admin", Mallory)]);

        var report = await world.ReportAsync();

        Assert.Equal(($"{world.Subject.Key}/members/{Mallory}", AuditSeverity.High), Found(report, "BA501"));
        Assert.Equal(($"{world.Signing.Note}/members/allUsers", AuditSeverity.Critical), Found(report, "BA502"));
        Assert.Equal(($"{world.Subject.Attestor}/members/{Mallory}", AuditSeverity.High), Found(report, "BA503"));
        Assert.Equal(($"projects/{Project}/members/{Mallory}", AuditSeverity.High), Found(report, "BA504"));
        Assert.Equal(($"projects/{Project}/auditConfigs/cloudkms.googleapis.com/DATA_READ", AuditSeverity.Medium), Found(report, "BA505"));
        Assert.Equal(($"gs://{Bucket}/members/{Mallory}", AuditSeverity.Medium), Found(report, "BA506"));
    }

    [Fact]
    public async Task Audit_Events_AreFound()
    {
        var now = TimeProvider.System.GetUtcNow();
        var (used, ended) = (now.AddHours(-3), now.AddHours(-1));
        await WriteAsync(
            Sample("gke-breakglass-label", used),
            Deletion(ended),
            Sample("gke-failopen", used),
            Sample("gke-deny-no-attestation", used),
            Sample("gke-deny-no-attestation", ended),
            Made("mallory@evil.example", used),
            Made($"production-signer@{Project}.iam.gserviceaccount.com", used));
        await world.ChangePolicyAsync(policy => policy.Description = "changed by hand");

        var report = await world.ReportAsync();

        Assert.Equal(AuditSeverity.High, Found(report, "BA601").Severity);
        Assert.Contains("alice@acme.example used break-glass for", report.Findings.Single(finding => finding.Rule == "BA601").Detail, StringComparison.Ordinal);
        Assert.Contains("; it ran for 2 h 0 min until its last pod was deleted at", report.Findings.Single(finding => finding.Rule == "BA601").Detail, StringComparison.Ordinal);
        Assert.Equal(AuditSeverity.Critical, Found(report, "BA602").Severity);
        Assert.Contains(" was denied, 2 times from ", report.Findings.Single(finding => finding.Rule == "BA603").Detail, StringComparison.Ordinal);
        Assert.StartsWith($"projects/{Project}/policy UpdatePolicy at ", Found(report, "BA604").Resource, StringComparison.Ordinal);
        Assert.Contains("mallory@evil.example called CreateOccurrence", AuditWorld.Findings(report, "BA605").Single().Detail, StringComparison.Ordinal);
    }

    private static (string Resource, AuditSeverity Severity) Found(AuditReport report, string rule)
    {
        var finding = Assert.Single(AuditWorld.Findings(report, rule));
        return (finding.Resource, finding.Severity);
    }

    private Task WriteAsync(params JsonNode[] entries) => world.SendAsync(HttpMethod.Post, "v2/entries:write", new JsonObject { ["entries"] = new JsonArray(entries) });

    private static JsonNode Sample(string name, DateTimeOffset time)
    {
        var entry = JsonNode.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "testdata", "logs", $"{name}.json")))!;
        entry["insertId"] = $"{name}-{time.UtcTicks}";
        entry["logName"] = $"projects/{Project}/logs/{((string)entry["logName"]!).Split('/')[^1]}";
        entry["timestamp"] = Rfc3339.Write(time);
        return entry;
    }

    private static JsonNode Deletion(DateTimeOffset time)
    {
        var entry = Sample("gke-breakglass-label", time);
        entry["labels"] = new JsonObject();
        entry["protoPayload"]!["methodName"] = "io.k8s.core.v1.pods.delete";
        return entry;
    }

    private JsonNode Made(string principal, DateTimeOffset time)
    {
        var entry = Sample("grafeas-create-occurrence", time);
        entry["insertId"] = principal;
        entry["protoPayload"]!["authenticationInfo"]!["principalEmail"] = principal;
        entry["protoPayload"]!["request"]!["occurrence"]!["noteName"] = world.Signing.Note.ToString();
        return entry;
    }
}
