using System.Text.Json;
using Grpc.Core;

namespace BinAuthz.GoogleCloud;

/// <summary>GKE, by its REST API: how clusters evaluate images.</summary>
internal sealed class ClusterClient(GoogleHttp http)
{
    private const string Host = "container.googleapis.com";
    private const int Largest = 8 * 1024 * 1024;
    private const int LargestList = 64 * 1024 * 1024;

    /// <summary>The <c>binaryAuthorization.evaluationMode</c> of a cluster; <c>DISABLED</c> when it has none.</summary>
    /// <param name="project">The project id.</param>
    /// <param name="cluster"><c>LOCATION.NAME</c>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Null: there is no such cluster.</returns>
    public async Task<string?> FindEvaluationModeAsync(string project, string cluster, CancellationToken cancellationToken)
    {
        var dot = cluster.IndexOf('.', StringComparison.Ordinal);
        var name = $"projects/{project}/locations/{cluster[..dot]}/clusters/{cluster[(dot + 1)..]}";
        try
        {
            var path = $"v1/{string.Join('/', name.Split('/').Select(Uri.EscapeDataString))}";
            var answer = await http.ReadWholeAsync(new HttpCall("clusters.get", name, Host, HttpMethod.Get, path), Largest, cancellationToken).ConfigureAwait(false);
            using var document = JsonDocument.Parse(answer);
            return EvaluationMode(document.RootElement);
        }
        catch (GoogleCallException error) when (error.Status == StatusCode.NotFound)
        {
            return null;
        }
        catch (JsonException error)
        {
            throw new GoogleCallException("clusters.get", name, StatusCode.Internal, $"The answer is no JSON: {error.Message}", error);
        }
    }

    /// <summary>The evaluation modes of all clusters of a project, by <c>LOCATION.NAME</c>.</summary>
    /// <exception cref="GoogleCallException">UNAVAILABLE: a location did not answer, so that clusters may be missing; INTERNAL: the answer is no list of clusters.</exception>
    public async Task<IReadOnlyDictionary<string, string>> ListEvaluationModesAsync(string project, CancellationToken cancellationToken)
    {
        var resource = $"projects/{project}/locations/-";
        var path = $"v1/projects/{Uri.EscapeDataString(project)}/locations/-/clusters?fields=clusters(name,location,binaryAuthorization),missingZones";
        return ReadList(await http.ReadWholeAsync(new HttpCall("clusters.list", resource, Host, HttpMethod.Get, path), LargestList, cancellationToken).ConfigureAwait(false), resource);
    }

    /// <summary>Reads the answer of clusters.list, which has no pages (REST: container.googleapis.com v1, ListClustersResponse).</summary>
    /// <exception cref="GoogleCallException">As of <see cref="ListEvaluationModesAsync"/>.</exception>
    internal static IReadOnlyDictionary<string, string> ReadList(ReadOnlyMemory<byte> json, string resource)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            if (root.TryGetProperty("missingZones", out var missing) && missing.GetArrayLength() > 0)
            {
                throw new GoogleCallException("clusters.list", resource, StatusCode.Unavailable, $"No answer from {string.Join(", ", missing.EnumerateArray())}: clusters may be missing in the list.");
            }

            return root.TryGetProperty("clusters", out var clusters) ? clusters.EnumerateArray().ToDictionary(Name, EvaluationMode, StringComparer.Ordinal) : new Dictionary<string, string>();
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or KeyNotFoundException or ArgumentException)
        {
            throw new GoogleCallException("clusters.list", resource, StatusCode.Internal, $"The answer is no list of clusters: {error.Message}", error);
        }
    }

    private static string Name(JsonElement cluster) => $"{cluster.GetProperty("location").GetString()}.{cluster.GetProperty("name").GetString()}";

    // Clusters of long ago have the switch that evaluationMode took the place of (REST: BinaryAuthorization.enabled).
    private static string EvaluationMode(JsonElement cluster)
    {
        if (cluster.ValueKind != JsonValueKind.Object || !cluster.TryGetProperty("binaryAuthorization", out var settings) || settings.ValueKind != JsonValueKind.Object)
        {
            return "DISABLED";
        }

        return settings.TryGetProperty("evaluationMode", out var mode) && mode.ValueKind == JsonValueKind.String && mode.GetString() is { } set and not "EVALUATION_MODE_UNSPECIFIED" ? set
            : settings.TryGetProperty("enabled", out var enabled) && enabled.ValueKind == JsonValueKind.True ? "PROJECT_SINGLETON_POLICY_ENFORCE"
            : "DISABLED";
    }
}
