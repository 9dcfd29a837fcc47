using System.Text.Json;
using Grpc.Core;

namespace BinAuthz.GoogleCloud;

/// <summary>In which locations a product can be used, by the REST API that each of them has (docs: artifact-registry/docs/reference/rest/v1/projects.locations/list).</summary>
internal sealed class LocationClient(GoogleHttp http)
{
    private const string Method = "ListLocations";
    private const int Largest = 4 * 1024 * 1024;

    /// <summary>The locations of a project.</summary>
    /// <param name="host">The product's, such as <c>artifactregistry.googleapis.com</c>.</param>
    /// <param name="project">The project id.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Their names, <c>projects/P/locations/L</c>.</returns>
    /// <exception cref="GoogleCallException">PERMISSION_DENIED; DATA_LOSS: an answer cannot be read; OUT_OF_RANGE: the list does not end.</exception>
    public async Task<IReadOnlyList<string>> ListAsync(string host, string project, CancellationToken cancellationToken)
    {
        var resource = $"projects/{project}";
        var tokens = new PageTokens(Method, resource);
        var names = new List<string>();
        var token = "";
        do
        {
            var path = $"v1/projects/{Uri.EscapeDataString(project)}/locations{(token.Length == 0 ? "" : $"?pageToken={Uri.EscapeDataString(token)}")}";
            var answer = await http.ReadWholeAsync(new HttpCall(Method, resource, host, HttpMethod.Get, path), Largest, cancellationToken).ConfigureAwait(false);
            token = Read(answer, resource, names);
        }
        while (tokens.Follow(token));
        return names;
    }

    /// <summary>Reads a page.</summary>
    /// <returns>The token of the next one; empty: there is none.</returns>
    /// <exception cref="GoogleCallException">DATA_LOSS: it is no page of locations.</exception>
    internal static string Read(ReadOnlyMemory<byte> json, string resource, List<string> names)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            if (document.RootElement.TryGetProperty("locations", out var locations))
            {
                names.AddRange(locations.EnumerateArray().Select(location => location.GetProperty("name").GetString()!));
            }

            return document.RootElement.TryGetProperty("nextPageToken", out var next) ? next.GetString() ?? "" : "";
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new GoogleCallException(Method, resource, StatusCode.DataLoss, $"The answer is no list of locations: {error.Message}", error);
        }
    }
}
