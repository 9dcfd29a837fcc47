using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Grpc.Core;

namespace BinAuthz.GoogleCloud;

/// <summary>IAM in the REST form that every API publishes: what the caller may do, who else may do what, and what a project's audit logs record. Nothing is changed.</summary>
internal sealed class IamClient(GoogleHttp http)
{
    /// <summary>The host for projects.</summary>
    public const string Projects = "cloudresourcemanager.googleapis.com";

    private const string Roles = "iam.googleapis.com";
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
        var policy = await GetPolicyAsync(IamResource.Project(project), cancellationToken).ConfigureAwait(false);
        return policy.AuditLogs.Where(log => log.Type == "DATA_WRITE").Select(log => log.Service).ToHashSet();
    }

    /// <summary>The policy of a resource.</summary>
    /// <exception cref="GoogleCallException">It was refused or not answered; NOT_FOUND: there is no such resource.</exception>
    public async Task<IamPolicy> GetPolicyAsync(IamResource resource, CancellationToken cancellationToken)
    {
        const string Versioned = """{"options":{"requestedPolicyVersion":3}}""";
        var call = resource.IsPosted
            ? new HttpCall("getIamPolicy", resource.Name, resource.Host, HttpMethod.Post, resource.Path, () => Json(Versioned))
            : new HttpCall("getIamPolicy", resource.Name, resource.Host, HttpMethod.Get, resource.Path);
        var policy = await CallAsync(call, cancellationToken).ConfigureAwait(false);
        return new IamPolicy(
            [
                .. Items(policy["bindings"]).Select(binding => new IamBinding(Text(binding["role"]), [.. Texts(binding["members"])])
                {
                    Condition = binding["condition"] is JsonObject condition ? Text(condition["expression"]) : "",
                }),
            ],
            [
                .. Items(policy["auditConfigs"]).SelectMany(config => Items(config["auditLogConfigs"])
                    .Select(log => new IamAuditLog(Text(config["service"]), Text(log["logType"]), [.. Texts(log["exemptedMembers"])]))),
            ]);
    }

    /// <summary>The permissions of a custom role.</summary>
    /// <param name="role">Such as <c>projects/P/roles/ID</c>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>None when the role is deleted: its bindings grant nothing then.</returns>
    /// <exception cref="GoogleCallException">It was refused or not answered.</exception>
    public async Task<IReadOnlySet<string>> GetRoleAsync(string role, CancellationToken cancellationToken)
    {
        var path = $"v1/{string.Join('/', role.Split('/').Select(Uri.EscapeDataString))}";
        try
        {
            var found = await CallAsync(new HttpCall("roles.get", role, Roles, HttpMethod.Get, path), cancellationToken).ConfigureAwait(false);
            return found["deleted"] is JsonValue deleted && deleted.TryGetValue<bool>(out var gone) && gone ? new HashSet<string>() : Texts(found["includedPermissions"]).ToHashSet();
        }
        catch (GoogleCallException error) when (error.Status == StatusCode.NotFound)
        {
            return new HashSet<string>();
        }
    }

    private Task<JsonObject> PostAsync(string method, string host, string resource, JsonObject body, CancellationToken cancellationToken)
    {
        var path = $"v1/{string.Join('/', resource.Split('/').Select(Uri.EscapeDataString))}:{method}";
        return CallAsync(new HttpCall(method, resource, host, HttpMethod.Post, path, () => Json(body.ToJsonString())), cancellationToken);
    }

    private async Task<JsonObject> CallAsync(HttpCall call, CancellationToken cancellationToken)
    {
        var answer = await http.ReadWholeAsync(call, Largest, cancellationToken).ConfigureAwait(false);
        try
        {
            return JsonNode.Parse(answer) as JsonObject ?? throw new GoogleCallException(call.Method, call.Resource, StatusCode.Internal, "The answer is no JSON object.");
        }
        catch (System.Text.Json.JsonException error)
        {
            throw new GoogleCallException(call.Method, call.Resource, StatusCode.Internal, $"The answer is no JSON: {error.Message}", error);
        }
    }

    private static StringContent Json(string text) => new(text, MediaTypeHeaderValue.Parse("application/json"));

    private static IEnumerable<JsonObject> Items(JsonNode? list) => list is JsonArray items ? items.OfType<JsonObject>() : [];

    private static IEnumerable<string> Texts(JsonNode? list) => list is JsonArray items ? items.Select(Text).Where(text => text.Length > 0) : [];

    private static string Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : "";
}
