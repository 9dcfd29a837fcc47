using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using BinAuthz.Alerting;
using BinAuthz.Denials;
using BinAuthz.GoogleCloud;
using Authz = Google.Cloud.BinaryAuthorization.V1;

namespace BinAuthz.EndToEnd.Tests.Alerting;

/// <summary>From the emulated cluster's log to the alerts topic.</summary>
public sealed class RetriedDeploymentTests
{
    private const string Cluster = "us-central1/prod";

    [Fact]
    public async Task AlertAsync_DeploymentOfThreeReplicasRetriedSixtyTimes_OneAlertAndOneSummaryOfAllEntries()
    {
        await using var world = await AlertWorld.StartAsync();
        using var http = new HttpClient { BaseAddress = world.Emulator.RestEndpoint };
        await DenyEverythingAsync(world);
        await PostAsync(http, $"clusters/{AlertWorld.Project}/{Cluster}/apis/apps/v1/namespaces/default/deployments", Deployment());
        await PostAsync(http, $"emulator/v1/clusters/{AlertWorld.Project}/{Cluster}/retries?times=60", []);

        var entries = await EntriesAsync(http);
        foreach (var (index, entry) in entries.Index())
        {
            await world.Alerter.AlertAsync(LogEntryReader.Read(Encoding.UTF8.GetBytes(entry.ToJsonString())).Findings, $"message-{index}", TestContext.Current.CancellationToken);
        }

        await world.SweepAfterAsync(AlertWorld.Window);

        Assert.InRange(entries.Count, 60, 1000);
        var alerts = (await world.PublishedAsync()).Select(each => each.Alert).ToArray();
        Assert.Equal([(AlertStage.First, 1), (AlertStage.Summary, entries.Count)], alerts.Select(alert => (alert.Stage, alert.Count)));
        Assert.All(alerts, alert => Assert.Equal("Deployment/web", alert.Facts.Single(fact => fact.Key == "workload").Value));
    }

    private static async Task DenyEverythingAsync(AlertWorld world)
    {
        var policy = await world.Get<BinaryAuthorizationClient>().GetPolicyAsync(AlertWorld.Project, TestContext.Current.CancellationToken);
        policy.DefaultAdmissionRule = new Authz.AdmissionRule
        {
            EvaluationMode = Authz.AdmissionRule.Types.EvaluationMode.AlwaysDeny,
            EnforcementMode = Authz.AdmissionRule.Types.EnforcementMode.EnforcedBlockAndAuditLog,
        };
        await world.Get<BinaryAuthorizationClient>().UpdatePolicyAsync(policy, TestContext.Current.CancellationToken);
    }

    private static JsonObject Deployment() => new()
    {
        ["apiVersion"] = "apps/v1",
        ["kind"] = "Deployment",
        ["metadata"] = new JsonObject { ["name"] = "web" },
        ["spec"] = new JsonObject
        {
            ["replicas"] = 3,
            ["selector"] = new JsonObject { ["matchLabels"] = new JsonObject { ["app"] = "web" } },
            ["template"] = new JsonObject
            {
                ["metadata"] = new JsonObject { ["labels"] = new JsonObject { ["app"] = "web" } },
                ["spec"] = new JsonObject { ["containers"] = new JsonArray(new JsonObject { ["name"] = "web", ["image"] = "us-docker.pkg.dev/acme-prod/apps/web:1" }) },
            },
        },
    };

    private static async Task<IReadOnlyList<JsonNode>> EntriesAsync(HttpClient http)
    {
        var request = new JsonObject { ["resourceNames"] = new JsonArray($"projects/{AlertWorld.Project}"), ["filter"] = $"protoPayload.serviceName=\"k8s.io\" ({LogFilters.Sink})", ["pageSize"] = 1000 };
        using var answer = await http.PostAsJsonAsync("v2/entries:list", request, TestContext.Current.CancellationToken);
        var listed = await answer.Content.ReadFromJsonAsync<JsonNode>(TestContext.Current.CancellationToken);
        return [.. listed!["entries"]!.AsArray().Select(entry => entry!)];
    }

    private static async Task PostAsync(HttpClient http, string address, JsonObject body)
    {
        using var answer = await http.PostAsJsonAsync(address, body, TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}
