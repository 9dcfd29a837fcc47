using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace BinAuthz.Emulator.Gke;

/// <summary>What the GKE API says of clusters, as far as admission goes: every name is one, and all evaluate as the switch says (REST: container.googleapis.com v1, projects.locations.clusters.get).</summary>
internal static class ClusterDescriptions
{
    public static void MapClusterDescriptions(this IEndpointRouteBuilder routes) => routes.MapGet(
        "/v1/projects/{project}/locations/{location}/clusters/{name}",
        (string location, string name, EmulatorSwitches switches) => Results.Json(new
        {
            name,
            location,
            status = "RUNNING",
            binaryAuthorization = new { evaluationMode = switches.ClusterEvaluationMode },
        }));
}
