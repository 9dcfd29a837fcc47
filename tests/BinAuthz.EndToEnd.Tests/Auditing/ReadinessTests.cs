using System.Text.Json.Nodes;
using BinAuthz.Auditing.Archive;
using BinAuthz.Auditing.Readiness;
using BinAuthz.Cli;
using BinAuthz.EndToEnd.Tests.Signing;
using BinAuthz.GoogleCloud;

namespace BinAuthz.EndToEnd.Tests.Auditing;

/// <summary>The gate before an environment enforces.</summary>
public sealed class ReadinessTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Readiness_OfAnEnvironment_IsReachedWithTimeAndLostByADenialAndAFailure()
    {
        await using var world = await AuditWorld.StartAsync();
        var (code, told) = await RunAsync(world);

        Assert.Equal(ExitCode.Refused, code);
        var missing = told["conditions"]!.AsArray().Where(condition => !(bool)condition!["met"]!).ToArray();
        Assert.True(missing.Select(condition => (string?)condition!["id"]).SequenceEqual(["denials", "rollback"]), string.Join('\n', missing.Select(condition => condition!.ToJsonString())));
        Assert.Null(told["from"]);

        // A report keeps the policy, and two weeks pass.
        var store = ReportStore.Of(new BucketArchive(world.Get<StorageClient>(), world.Get<EvidenceBucket>()), world.Get<KeyManagementClient>(), world.Request().AuditKey);
        var report = await world.ReportAsync();
        await store.StoreAsync(report with { Time = new DateTimeOffset(report.Time.UtcTicks - (report.Time.UtcTicks % TimeSpan.TicksPerSecond), TimeSpan.Zero) }, Stop);
        var later = TimeSpan.FromDays(14) + TimeSpan.FromMinutes(1);
        var ready = await DecideAsync(world, store, later);
        Assert.True(ready.IsReady, string.Join('\n', ready.Conditions.Where(condition => !condition.IsMet).Select(condition => $"{condition.Id}: {condition.Detail}")));
        Assert.Contains("binauthz policy apply policy-before.json", ready.Rollback, StringComparison.Ordinal);

        var now = TimeProvider.System.GetUtcNow();
        await world.SendAsync(HttpMethod.Post, "v2/entries:write", new JsonObject { ["entries"] = new JsonArray(Denial(now), Failure(now)) });
        var lost = await DecideAsync(world, store, TimeSpan.FromDays(6));
        Assert.Equal(["denials", "failures"], lost.Conditions.Where(condition => !condition.IsMet).Select(condition => condition.Id));
        Assert.Equal(Rfc3339.Write(now.AddDays(14)), Rfc3339.Write(lost.From!.Value));
        Assert.Contains("by sign-image at", lost.Conditions.Single(condition => condition.Id == "failures").Detail, StringComparison.Ordinal);
    }

    private static async Task<ReadinessVerdict> DecideAsync(AuditWorld world, ReportStore store, TimeSpan later)
    {
        var kept = await store.FindLatestAsync("production", Stop);
        return ReadinessPolicy.Decide(await world.Get<ReadinessReader>().ReadAsync(world.Request(later), kept, Stop));
    }

    private static async Task<(int Code, JsonNode Told)> RunAsync(AuditWorld world)
    {
        using StringWriter output = new(), error = new();
        var code = await BinAuthzTool.RunAsync(["readiness", "production", "--project", SigningWorld.Project, "--format", "json", "--endpoint", world.Signing.Emulator.GrpcEndpoint.ToString()], output, error, Stop);
        Assert.True(output.ToString().Length > 0, error.ToString());
        return (code, JsonNode.Parse(output.ToString())!);
    }

    private static JsonNode Denial(DateTimeOffset time)
    {
        var entry = JsonNode.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "testdata", "logs", "gke-dryrun-would-deny.json")))!;
        entry["timestamp"] = Rfc3339.Write(time);
        entry["logName"] = $"projects/{SigningWorld.Project}/logs/cloudaudit.googleapis.com%2Factivity";
        return entry;
    }

    private static JsonObject Failure(DateTimeOffset time) => new()
    {
        ["logName"] = $"projects/{SigningWorld.Project}/logs/run.googleapis.com%2Fstdout",
        ["insertId"] = "poison",
        ["timestamp"] = Rfc3339.Write(time),
        ["severity"] = "ERROR",
        ["resource"] = new JsonObject { ["type"] = "cloud_run_revision", ["labels"] = new JsonObject { ["project_id"] = SigningWorld.Project, ["service_name"] = "sign-image" } },
        ["jsonPayload"] = new JsonObject { ["message"] = "PoisonEvent: message 1 was acknowledged unread: no JSON. A copy is in gs://b/poison/1." },
    };
}
