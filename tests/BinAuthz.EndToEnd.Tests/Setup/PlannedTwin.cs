using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using BinAuthz.Tests.Deployment;
using static BinAuthz.Tests.Deployment.PlannedEnvironment;

namespace BinAuthz.EndToEnd.Tests.Setup;

/// <summary>A plan in lines, one for each thing that setup makes, too.</summary>
internal static partial class PlannedTwin
{
    /// <summary>The writer of a sink, whose name only the apply tells.</summary>
    public const string SinkWriter = "the sink's writer";

    private static readonly string[] OfTheDeployment = ["/services/", "/secrets/", "/subscriptions/"];

    /// <summary>All lines, in an order.</summary>
    public static IReadOnlyList<string> Describe(PlannedEnvironment plan) =>
    [
        .. Trust(plan).Concat(Events(plan)).Concat(Access(plan)).Order(StringComparer.Ordinal),
    ];

    /// <summary>Google's own identities have the number of the project in their names.</summary>
    public static string Member(string member) =>
        member.Length == 0 || member.Contains("@gcp-sa-logging.", StringComparison.Ordinal) ? SinkWriter : Number().Replace(member, "service-NUMBER@");

    private static IEnumerable<string> Trust(PlannedEnvironment plan)
    {
        var ring = plan.One("google_kms_key_ring");
        foreach (var key in plan.All("google_kms_crypto_key"))
        {
            var template = Items(key, "version_template").Single();
            yield return $"key projects/{plan.Project}/locations/{Text(ring, "location")}/keyRings/{Text(ring, "name")}/cryptoKeys/{Text(key, "name")}: {Text(key, "purpose")} {Text(template, "algorithm")} {Text(template, "protection_level")}";
        }

        var note = plan.One("google_container_analysis_note");
        yield return $"note projects/{plan.Project}/notes/{Text(note, "name")}: {Text(Items(Items(note, "attestation_authority").Single(), "hint").Single(), "human_readable_name")}";
        var attestor = plan.One("google_binary_authorization_attestor");
        yield return $"attestor projects/{plan.Project}/attestors/{Text(attestor, "name")}: projects/{plan.Project}/notes/{Text(Items(attestor, "attestation_authority_note").Single(), "note_reference")}";
        foreach (var rule in plan.All("google_binary_authorization_policy").SelectMany(policy => Items(policy, "default_admission_rule")).Where(rule => Text(rule, "evaluation_mode") != "ALWAYS_ALLOW"))
        {
            yield return $"policy: {Text(rule, "evaluation_mode")} {Text(rule, "enforcement_mode")} {string.Join(", ", Texts(rule, "require_attestations_by"))}";
        }

        var bucket = plan.One("google_storage_bucket");
        yield return $"bucket {Text(bucket, "name")}: {Text(bucket, "location")} kept {Text(Items(bucket, "retention_policy").Single(), "retention_period")} s, uniform {Text(bucket, "uniform_bucket_level_access")}, public access {Text(bucket, "public_access_prevention")}, versions {Items(bucket, "versioning").Select(each => Text(each, "enabled")).FirstOrDefault() ?? "false"}";
    }

    // Container Analysis makes its own topic; terraform subscribes to it, and setup makes sure that it is there.
    private static IEnumerable<string> Events(PlannedEnvironment plan)
    {
        var topics = plan.All("google_pubsub_topic").Select(topic => $"projects/{plan.Project}/topics/{Text(topic, "name")}").Concat(plan.All("google_pubsub_subscription").Select(each => Text(each, "topic"))).Distinct();
        return topics.Select(topic => $"topic {topic}")
            .Concat(plan.All("google_pubsub_subscription").Where(each => Text(each, "name").EndsWith("-dead-letters", StringComparison.Ordinal))
                .Select(each => $"subscription {Text(each, "name")}: {Text(each, "topic")}, {Text(each, "ack_deadline_seconds")} s, kept {Text(each, "message_retention_duration")}, expires {(Items(each, "expiration_policy").Single() is var policy && Text(policy, "ttl").Length == 0 ? "never" : Text(policy, "ttl"))}"))
            .Concat(plan.All("google_logging_project_sink").Select(sink => $"sink {Text(sink, "name")}: {Text(sink, "destination")} {Text(sink, "filter")}"));
    }

    private static IEnumerable<string> Access(PlannedEnvironment plan) =>
    [
        .. plan.All("google_service_account").Select(account => $"account {Text(account, "account_id")}@{plan.Project}.iam.gserviceaccount.com: {Text(account, "display_name")}: {Text(account, "description")}"),
        .. plan.All("google_project_iam_custom_role").Select(role => $"role projects/{plan.Project}/roles/{Text(role, "role_id")}: {Text(role, "title")}, {Text(role, "description")}: {string.Join(", ", Texts(role, "permissions").Order(StringComparer.Ordinal))}"),
        .. PlannedGrant.Of(plan).Where(grant => !OfTheDeployment.Any(kind => grant.Resource.Contains(kind, StringComparison.Ordinal))).Select(grant => $"grant {grant.Resource}: {grant.Role} {Member(grant.Member)} {grant.Condition}"),
        .. plan.All("google_project_iam_audit_config").SelectMany(config => Items(config, "audit_log_config").Select(log => $"audit log {Text(config, "service")} {Text(log, "log_type")}")),
    ];

    private static IEnumerable<string> Texts(JsonObject parent, string name) => parent[name] is JsonArray list ? list.Select(each => each!.ToString()) : [];

    [GeneratedRegex(@"service-\d+@")]
    private static partial Regex Number();
}
