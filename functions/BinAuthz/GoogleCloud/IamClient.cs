using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Grpc.Core;

namespace BinAuthz.GoogleCloud;

/// <summary>IAM in the REST form that every API publishes: what the caller may do, and what a project's audit logs record. Nothing is changed.</summary>
internal sealed class IamClient(GoogleHttp http)
{
    /// <summary>The host for projects.</summary>
    public const string Projects = "cloudresourcemanager.googleapis.com";

    private const int Largest = 8 * 1024 * 1024;

    /// <summary>Which of some permissions the caller holds on a resource.</summary>
    /// <param name="host">Of the API that has the resource, such as <c>cloudkms.googleapis.com</c>.</param>
    /// <param name="resource">Such as <c>projects/P/attestors/A</c>.</param>
    /// <param name="permissions">The permissions.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IReadOnlySet<string>> HeldAsync(string host, string resource, IEnumerable<string> permissions, CancellationToken cancellationToken)
    {
        var asked = new JsonObject { ["permissions"] = new JsonArray([.. permissions.Select(permission => JsonValue.Create(permission))]) };
        var answer = await PostAsync("testIamPermissions", host, resource, asked, cancellationToken).ConfigureAwait(false);
        return Texts(answer["permissions"]).ToHashSet();
    }

    /// <summary>The services of which a project records DATA_WRITE audit logs; <c>allServices</c> stands for all.</summary>
    public async Task<IReadOnlySet<string>> ListAuditedWritesAsync(string project, CancellationToken cancellationToken)
    {
        var policy = await PostAsync("getIamPolicy", Projects, $"projects/{project}", new JsonObject(), cancellationToken).ConfigureAwait(false);
        return Items(policy["auditConfigs"])
            .Where(config => Items(config["auditLogConfigs"]).Any(each => Text(each["logType"]) == "DATA_WRITE"))
            .Select(config => Text(config["service"])).ToHashSet();
    }

    private async Task<JsonNode> PostAsync(string method, string host, string resource, JsonObject body, CancellationToken cancellationToken)
    {
        var path = $"v1/{string.Join('/', resource.Split('/').Select(Uri.EscapeDataString))}:{method}";
        var call = new HttpCall(method, resource, host, HttpMethod.Post, path, () => new StringContent(body.ToJsonString(), MediaTypeHeaderValue.Parse("application/json")));
        var answer = await http.ReadWholeAsync(call, Largest, cancellationToken).ConfigureAwait(false);
        try
        {
            return JsonNode.Parse(answer) as JsonObject ?? throw new GoogleCallException(method, resource, StatusCode.Internal, "The answer is no JSON object.");
        }
        catch (System.Text.Json.JsonException error)
        {
            throw new GoogleCallException(method, resource, StatusCode.Internal, $"The answer is no JSON: {error.Message}", error);
        }
    }

    private static IEnumerable<JsonObject> Items(JsonNode? list) => list is JsonArray items ? items.OfType<JsonObject>() : [];

    private static IEnumerable<string> Texts(JsonNode? list) => list is JsonArray items ? items.Select(Text).Where(text => text.Length > 0) : [];

    private static string Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : "";
}
