using System.Net.Http.Json;
using System.Text.Json.Nodes;
using BinAuthz.EndToEnd.Tests.Cli;
using BinAuthz.GoogleCloud;
using BinAuthz.Setup;
using BinAuthz.Tests.Deployment;

namespace BinAuthz.EndToEnd.Tests.Setup;

/// <summary>What stands on an emulator, read over REST, in the lines of <see cref="PlannedTwin"/>.</summary>
internal sealed class StandingTwin(DoctorFixture fixture, PlannedEnvironment plan)
{
    private string Project => plan.Project;

    /// <summary>All lines, in an order.</summary>
    public async Task<IReadOnlyList<string>> DescribeAsync() =>
    [
        .. (await TrustAsync()).Concat(await EventsAsync()).Concat(await AccessAsync()).Order(StringComparer.Ordinal),
    ];

    private async Task<IEnumerable<string>> TrustAsync()
    {
        var lines = new List<string>();
        var keys = await GetAsync($"v1/projects/{Project}/locations/{plan.Location}/keyRings/{plan.Environment}-binauthz/cryptoKeys");
        lines.AddRange(Items(keys, "cryptoKeys").Select(key => $"key {key["name"]}: {key["purpose"]} {key["versionTemplate"]!["algorithm"]} {key["versionTemplate"]!["protectionLevel"]}"));
        var note = await GetAsync($"v1/{plan.Environment.Note(Project)}");
        lines.Add($"note {note["name"]}: {note["attestation"]!["hint"]!["humanReadableName"]}");
        var attestor = await GetAsync($"v1/{plan.Environment.Attestor(Project)}");
        lines.Add($"attestor {attestor["name"]}: {attestor["userOwnedGrafeasNote"]!["noteReference"]}");
        var rule = (await GetAsync($"v1/projects/{Project}/policy"))["defaultAdmissionRule"]!;
        if ((string?)rule["evaluationMode"] != "ALWAYS_ALLOW")
        {
            lines.Add($"policy: {rule["evaluationMode"]} {rule["enforcementMode"]} {string.Join(", ", Items(rule, "requireAttestationsBy"))}");
        }

        var bucket = await GetAsync($"storage/v1/b/{plan.Names.Bucket}");
        var access = bucket["iamConfiguration"]!;
        lines.Add($"bucket {bucket["name"]}: {((string)bucket["location"]!).ToLowerInvariant()} kept {bucket["retentionPolicy"]!["retentionPeriod"]} s, uniform {access["uniformBucketLevelAccess"]!["enabled"]}, public access {access["publicAccessPrevention"]}, versions {bucket["versioning"]?["enabled"]?.ToString() ?? "false"}");
        return lines;
    }

    private async Task<IEnumerable<string>> EventsAsync()
    {
        var topics = await GetAsync($"v1/projects/{Project}/topics");
        var subscriptions = await GetAsync($"v1/projects/{Project}/subscriptions");
        var sinks = await GetAsync($"v2/projects/{Project}/sinks");
        return Items(topics, "topics").Select(topic => $"topic {topic["name"]}")
            .Concat(Items(subscriptions, "subscriptions").Select(each => $"subscription {each["name"]!.ToString().Split('/')[3]}: {each["topic"]}, {each["ackDeadlineSeconds"]} s, kept {each["messageRetentionDuration"]}, expires {each["expirationPolicy"]?["ttl"]?.ToString() ?? "never"}"))
            .Concat(Items(sinks, "sinks").Select(sink => $"sink {sink["name"]}: {sink["destination"]} {sink["filter"]}"));
    }

    private async Task<IEnumerable<string>> AccessAsync()
    {
        var lines = new List<string>();
        var accounts = await GetAsync($"v1/projects/{Project}/serviceAccounts");
        lines.AddRange(Items(accounts, "accounts").Select(account => $"account {account["email"]}: {account["displayName"]}: {account["description"]}"));
        foreach (var id in AccessPlan.Load().Roles.Select(role => role.Id))
        {
            var role = await GetAsync($"v1/projects/{Project}/roles/{id}");
            lines.Add($"role {role["name"]}: {role["title"]}, {role["description"]}: {string.Join(", ", Items(role, "includedPermissions").Select(permission => permission.ToString()).Order(StringComparer.Ordinal))}");
        }

        foreach (var resource in Resources())
        {
            var policy = await fixture.Get<IamClient>().GetPolicyAsync(resource, TestContext.Current.CancellationToken);
            lines.AddRange(policy.Bindings.SelectMany(binding => binding.Members.Select(member => $"grant {resource}: {binding.Role} {PlannedTwin.Member(member)} {binding.Condition}")));
            lines.AddRange(policy.AuditLogs.Select(log => $"audit log {log.Service} {log.Type}"));
        }

        return lines;
    }

    // Everything that has a policy, whether or not anything is granted there.
    private IEnumerable<IamResource> Resources()
    {
        var environment = plan.Environment;
        string[] topics = [EventTopics.Pushes, EventTopics.Occurrences, EventTopics.PushEntries, EventTopics.Denials, .. new[] { "decisions", "alerts", "resign", "findings", "audit", "dead-letters" }.Select(id => $"{environment}-{id}")];
        return
        [
            IamResource.Project(Project), IamResource.Policy(Project), IamResource.KeyRing(environment.Key(Project, plan.Location)), IamResource.Key(environment.Key(Project, plan.Location)), IamResource.AuditKey(environment.AuditKey(Project, plan.Location)),
            IamResource.Note(environment.Note(Project)), IamResource.Attestor(environment.Attestor(Project)), IamResource.Bucket(plan.Names.Bucket),
            .. topics.Select(id => IamResource.Topic($"projects/{Project}/topics/{id}")), .. plan.Repositories.Select(IamResource.Repository),
        ];
    }

    private async Task<JsonObject> GetAsync(string path)
    {
        using var http = new HttpClient { BaseAddress = fixture.Emulator.RestEndpoint };
        return (await http.GetFromJsonAsync<JsonObject>(new Uri($"/{path}", UriKind.Relative), TestContext.Current.CancellationToken))!;
    }

    private static IEnumerable<JsonNode> Items(JsonNode parent, string name) => parent[name] is JsonArray list ? list.OfType<JsonNode>() : [];
}
