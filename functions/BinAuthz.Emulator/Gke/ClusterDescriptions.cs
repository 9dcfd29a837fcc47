using System.Text.Json;
using BinAuthz.Emulator.Cluster;
using BinAuthz.Emulator.Hosting;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace BinAuthz.Emulator.Gke;

/// <summary>
/// What the GKE API says of clusters, as far as admission goes (REST: container.googleapis.com v1, projects.locations.clusters
/// create, get and list). Every name is a cluster; those that nobody made evaluate as the switch says.
/// </summary>
internal static class ClusterDescriptions
{
    private const string Parent = "/v1/projects/{project}/locations/{location}/clusters";

    private const string ListMethod = ClusterAccess.Service + "ListClusters";

    private static readonly string[] Modes =
        ["DISABLED", "PROJECT_SINGLETON_POLICY_ENFORCE", "POLICY_BINDINGS", "POLICY_BINDINGS_AND_PROJECT_SINGLETON_POLICY_ENFORCE"];

    public static void MapClusterDescriptions(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(Parent + "/{name}", (string project, string location, string name, HttpRequest request, ClusterDirectory clusters, ClusterAccess access) =>
            access.Answer(request, "GetCluster", "container.clusters.get", project, () => ClusterName.Of(project, location, name) is { } cluster
                ? Results.Json(Describe(cluster, clusters))
                : Refuse(400, "INVALID_ARGUMENT", $"'{name}' in '{location}' is no cluster.")));
        routes.MapGet(Parent, (string project, string location, HttpRequest request, ClusterDirectory clusters, ClusterAccess access, Faults faults) =>
            access.Answer(request, "ListClusters", "container.clusters.list", project, () => !faults.None && faults.Take(ListMethod) is { Code: not StatusCode.OK } fault
                ? Refuse(HttpStatuses.OfGrpc(fault.Code), GoogleRest.CanonicalName(fault.Code), "A fault was asked for.")
                : Results.Json(new { clusters = clusters.List(project, location).Select(cluster => Describe(cluster, clusters)) })));
        routes.MapPost(Parent, (string project, string location, HttpRequest request, ClusterDirectory clusters, ClusterAccess access) =>
            access.AnswerAsync(request, "CreateCluster", "container.clusters.create", project, () => Create(project, location, request, clusters)));
    }

    private static async Task<IResult> Create(string project, string location, HttpRequest request, ClusterDirectory clusters)
    {
        using var body = await JsonDocument.ParseAsync(request.Body, cancellationToken: request.HttpContext.RequestAborted);
        if (!body.RootElement.TryGetProperty("cluster", out var asked) || !asked.TryGetProperty("name", out var name) || ClusterName.Of(project, location, name.GetString()) is not { } cluster)
        {
            return Refuse(400, "INVALID_ARGUMENT", "Cluster.name is required: lower case letters, digits and dashes.");
        }

        var mode = asked.TryGetProperty("binaryAuthorization", out var settings) && settings.TryGetProperty("evaluationMode", out var given) ? given.GetString() ?? "" : "DISABLED";
        if (!Modes.Contains(mode))
        {
            return Refuse(400, "INVALID_ARGUMENT", $"'{mode}' is no evaluation mode.");
        }

        return clusters.Add(cluster, mode)
            ? Results.Json(new { name = $"operation-{cluster.Name}", operationType = "CREATE_CLUSTER", status = "DONE", location, targetLink = cluster.ToString() })
            : Refuse(409, "ALREADY_EXISTS", $"Already exists: {cluster}.");
    }

    private static object Describe(ClusterName cluster, ClusterDirectory clusters) => new
    {
        name = cluster.Name,
        location = cluster.Location,
        status = "RUNNING",
        binaryAuthorization = new { evaluationMode = clusters.ModeOf(cluster) },
    };

    /// <summary>An error in Google's shape.</summary>
    public static IResult Refuse(int code, string status, string message) => Results.Json(new { error = new { code, message, status } }, statusCode: code);
}
