using System.Text.Json.Nodes;
using static BinAuthz.Tests.Deployment.PlannedEnvironment;

namespace BinAuthz.Tests.Deployment;

/// <summary>A role that a plan gives.</summary>
/// <param name="Resource">On what, by its full name; of a bucket <c>gs://NAME</c>.</param>
/// <param name="Role">Such as <c>roles/cloudkms.signer</c>.</param>
/// <param name="Member">To whom; empty: it is known after the apply only.</param>
/// <param name="Condition">The CEL expression; empty: always.</param>
/// <param name="IsExclusive">Whether everybody else loses it.</param>
internal sealed record PlannedGrant(string Resource, string Role, string Member, string Condition, bool IsExclusive)
{
    /// <summary>All that a plan gives.</summary>
    public static IReadOnlyList<PlannedGrant> Of(PlannedEnvironment plan) =>
    [
        .. plan.Resources.Where(resource => Text(resource, "type") is var type && (type.EndsWith("_iam_member", StringComparison.Ordinal) || type.EndsWith("_iam_binding", StringComparison.Ordinal)))
            .SelectMany(resource => Of(plan, Text(resource, "type"), resource["values"]!.AsObject())),
    ];

    private static IEnumerable<PlannedGrant> Of(PlannedEnvironment plan, string type, JsonObject values)
    {
        var isExclusive = type.EndsWith("_binding", StringComparison.Ordinal);
        var members = isExclusive ? ((JsonArray)values["members"]!).Select(member => member?.ToString() ?? "") : [Text(values, "member")];
        var condition = string.Concat(Items(values, "condition").Select(each => Text(each, "expression")));
        return members.Select(member => new PlannedGrant(Name(plan, type[..type.LastIndexOf("_iam_", StringComparison.Ordinal)], values), Text(values, "role"), member, condition, isExclusive));
    }

    private static string Name(PlannedEnvironment plan, string type, JsonObject values) => type switch
    {
        "google_project" => $"projects/{Text(values, "project")}",
        "google_kms_crypto_key" => Text(values, "crypto_key_id"),
        "google_container_analysis_note" => Full(plan, values, "notes", "note"),
        "google_binary_authorization_attestor" => Full(plan, values, "attestors", "attestor"),
        "google_storage_bucket" => $"gs://{Text(values, "bucket")}",
        "google_pubsub_topic" => Full(plan, values, "topics", "topic"),
        "google_pubsub_subscription" => Full(plan, values, "subscriptions", "subscription"),
        "google_secret_manager_secret" => Full(plan, values, "secrets", "secret_id"),
        "google_artifact_registry_repository" => $"projects/{Text(values, "project")}/locations/{Text(values, "location")}/repositories/{Text(values, "repository")}",
        "google_cloud_run_v2_service" => $"projects/{Text(values, "project")}/locations/{Text(values, "location")}/services/{Text(values, "name")}",
        _ => $"{type} of an unknown kind",
    };

    // Where a name is wanted the provider takes the full one, too.
    private static string Full(PlannedEnvironment plan, JsonObject values, string collection, string field) =>
        Text(values, field) is var name && name.StartsWith("projects/", StringComparison.Ordinal) ? name : $"projects/{plan.Project}/{collection}/{name}";
}
