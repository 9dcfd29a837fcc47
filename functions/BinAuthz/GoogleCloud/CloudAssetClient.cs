using System.Text.Json;
using BinAuthz.Images;
using Grpc.Core;

namespace BinAuthz.GoogleCloud;

/// <summary>
/// Cloud Asset Inventory, by its REST API: which images run. The inventory follows the clusters within minutes (docs:
/// asset-inventory/docs/asset-types). A method of a project may be called 100 times a minute (docs: asset-inventory/docs/quota).
/// </summary>
internal sealed class CloudAssetClient(GoogleHttp http)
{
    private const string Host = "cloudasset.googleapis.com";
    private const string Method = "ListAssets";
    private const int PageSize = 500;
    private const int Largest = 64 * 1024 * 1024;

    /// <summary>The images that the pods of a project's clusters run.</summary>
    /// <exception cref="GoogleCallException">PERMISSION_DENIED: the caller may not list, or the API is not enabled; DATA_LOSS: an answer cannot be read; OUT_OF_RANGE: the list does not end.</exception>
    public async Task<RunningImages> ListRunningAsync(string project, CancellationToken cancellationToken)
    {
        var resource = $"projects/{project}";
        var (names, pods) = (new Dictionary<ImageDigest, IReadOnlySet<string>>(), 0);
        var tokens = new PageTokens(Method, resource);
        var token = "";
        do
        {
            var path = $"v1/projects/{Uri.EscapeDataString(project)}/assets?assetTypes=k8s.io%2FPod&contentType=RESOURCE&pageSize={PageSize}{(token.Length == 0 ? "" : $"&pageToken={Uri.EscapeDataString(token)}")}";
            var answer = await http.ReadWholeAsync(new HttpCall(Method, resource, Host, HttpMethod.Get, path), Largest, cancellationToken).ConfigureAwait(false);
            var page = Read(answer, resource);
            foreach (var (digest, more) in page.Running.Names)
            {
                names[digest] = names.TryGetValue(digest, out var before) ? new HashSet<string>([.. before, .. more], StringComparer.Ordinal) : more;
            }

            pods += page.Running.Pods;
            token = page.NextToken;
        }
        while (tokens.Follow(token));
        return new RunningImages(names.Keys.ToHashSet(), pods) { Names = names };
    }

    /// <summary>Reads a page.</summary>
    /// <exception cref="GoogleCallException">DATA_LOSS: it is no page of pods with their content. A pod that cannot be read is not passed over, because nobody would know what it runs.</exception>
    internal static (RunningImages Running, string NextToken) Read(ReadOnlyMemory<byte> json, string resource)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            JsonElement[] assets = root.TryGetProperty("assets", out var list) ? [.. list.EnumerateArray()] : [];
            var names = assets.SelectMany(asset => PodImages.ReadNamed(Pod(asset, resource))).GroupBy(image => image.Digest, image => image.Name)
                .ToDictionary(group => group.Key, group => (IReadOnlySet<string>)group.ToHashSet(StringComparer.Ordinal));
            return (new RunningImages(names.Keys.ToHashSet(), assets.Length) { Names = names }, root.TryGetProperty("nextPageToken", out var token) ? token.GetString() ?? "" : "");
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw new GoogleCallException(Method, resource, StatusCode.DataLoss, $"The answer is no list of assets: {error.Message}", error);
        }
    }

    private static JsonElement Pod(JsonElement asset, string resource) =>
        asset.TryGetProperty("resource", out var content) && content.TryGetProperty("data", out var pod) && pod.ValueKind == JsonValueKind.Object && pod.TryGetProperty("spec", out _)
            ? pod
            : throw new GoogleCallException(Method, resource, StatusCode.DataLoss, $"The asset {(asset.TryGetProperty("name", out var name) ? name.ToString() : "without a name")} has no pod in resource.data.");
}
