using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace BinAuthz.Emulator.Cluster;

/// <summary>A request about objects, with its body already read.</summary>
/// <param name="Cluster">Where.</param>
/// <param name="Path">What about.</param>
/// <param name="Http">The request itself.</param>
/// <param name="Body">The JSON that was sent; null when there was none.</param>
internal sealed record ApiCall(ClusterState Cluster, ApiPath Path, HttpRequest Http, JsonObject? Body)
{
    private const int MostBytes = 3 * 1024 * 1024;
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    public Caller Caller { get; } = Caller.Of(Http);

    public string ContentType => (Http.ContentType ?? "").Split(';')[0].Trim();

    public bool DryRun => Http.Query["dryRun"].ToString() == "All" || (Body.At("dryRun") is JsonArray { Count: > 0 } && Http.Method == "DELETE");

    public bool Watches => Http.Query["watch"].ToString() is "true" or "1";

    /// <summary>Whether the client wants rows to print, as kubectl does.</summary>
    public bool WantsTable => Http.Headers.Accept.ToString().Contains("as=Table", StringComparison.Ordinal);

    public Selector Selector => Selector.Parse(Http.Query["labelSelector"].ToString(), Http.Query["fieldSelector"].ToString());

    public string Option(string name) => Http.Query[name].ToString() is { Length: > 0 } value ? value : Body.Text(name);

    public JsonObject RequireBody() => Body ?? throw StatusException.BadRequest("the request has no body");

    /// <summary>Reads the body.</summary>
    /// <exception cref="StatusException">400, 413 or 415.</exception>
    public static async Task<JsonObject?> ReadBodyAsync(HttpRequest http)
    {
        if (http.Method is "GET" or "HEAD")
        {
            return null;
        }

        using var buffer = new MemoryStream();
        var chunk = new byte[16 * 1024];
        int read;
        while ((read = await http.Body.ReadAsync(chunk, http.HttpContext.RequestAborted).ConfigureAwait(false)) > 0)
        {
            buffer.Write(chunk, 0, read);
            if (buffer.Length > MostBytes)
            {
                throw new StatusException(413, "RequestEntityTooLarge", $"Request entity too large: limit is {MostBytes}");
            }
        }

        if (buffer.Length == 0)
        {
            return null;
        }

        if (http.ContentType == KubernetesProtobuf.MediaType)
        {
            return KubernetesProtobuf.Read(buffer.ToArray());
        }

        if (!(http.ContentType ?? "application/json").Contains("json", StringComparison.Ordinal))
        {
            throw StatusException.UnsupportedMediaType($"the body of the request was in an unknown format ({http.ContentType}) - accepted media types include: application/json, application/merge-patch+json, application/strategic-merge-patch+json; server-side apply is not emulated");
        }

        return Parse(buffer.ToArray());
    }

    private static JsonObject Parse(byte[] bytes)
    {
        try
        {
            return JsonNode.Parse(bytes, documentOptions: Strict) as JsonObject ?? throw StatusException.BadRequest("the object provided is unrecognized: it must be a JSON object");
        }
        catch (JsonException error)
        {
            throw StatusException.BadRequest($"the object provided is unrecognized (must be of type JSON): {error.Message}");
        }
    }
}
