using System.Text.Json;
using Grpc.Core;

namespace BinAuthz.GoogleCloud;

/// <summary>GKE, by its REST API: how a cluster evaluates images.</summary>
internal sealed class ClusterClient(GoogleHttp http)
{
    private const string Host = "container.googleapis.com";
    private const int Largest = 8 * 1024 * 1024;

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
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("binaryAuthorization", out var settings) && settings.ValueKind == JsonValueKind.Object
                && settings.TryGetProperty("evaluationMode", out var mode) && mode.ValueKind == JsonValueKind.String
                ? mode.GetString() : "DISABLED";
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
}
