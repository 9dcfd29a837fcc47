using System.Text.Json.Nodes;
using Grpc.Core;

namespace BinAuthz.GoogleCloud;

/// <summary>Makes IAM's own resources, by its REST API: the service accounts and custom roles of a project.</summary>
internal sealed class IdentityClient(GoogleHttp http)
{
    private const string Host = "iam.googleapis.com";

    /// <summary>The e-mail addresses of a project's service accounts. A single one is not asked for: IAM answers 403 when there is none (hashicorp/terraform-provider-google#15042).</summary>
    public async Task<IReadOnlySet<string>> ListServiceAccountsAsync(string project, CancellationToken cancellationToken)
    {
        var resource = $"projects/{project}";
        var tokens = new PageTokens("serviceAccounts.list", resource);
        var emails = new HashSet<string>(StringComparer.Ordinal);
        var token = "";
        do
        {
            var path = $"v1/{GoogleJson.Path(resource)}/serviceAccounts?pageSize=100{(token.Length == 0 ? "" : $"&pageToken={Uri.EscapeDataString(token)}")}";
            var page = await http.CallAsync(new HttpCall("serviceAccounts.list", resource, Host, HttpMethod.Get, path), cancellationToken).ConfigureAwait(false);
            emails.UnionWith(GoogleJson.Items(page["accounts"]).Select(account => GoogleJson.Text(account["email"])));
            token = GoogleJson.Text(page["nextPageToken"]);
        }
        while (tokens.Follow(token));
        return emails;
    }

    /// <summary>Makes a service account unless there is one of that id.</summary>
    public Task EnsureServiceAccountAsync(string project, string id, string displayName, string description, CancellationToken cancellationToken)
    {
        var body = new JsonObject { ["accountId"] = id, ["serviceAccount"] = new JsonObject { ["displayName"] = displayName, ["description"] = description } };
        return EnsureAsync(new HttpCall("serviceAccounts.create", $"projects/{project}/serviceAccounts/{id}", Host, HttpMethod.Post, $"v1/projects/{Uri.EscapeDataString(project)}/serviceAccounts", () => GoogleJson.Body(body)), cancellationToken);
    }

    /// <summary>Makes a custom role unless there is one of that id.</summary>
    public Task EnsureRoleAsync(string project, string id, RoleDescription role, CancellationToken cancellationToken)
    {
        var body = new JsonObject { ["roleId"] = id, ["role"] = Json(role) };
        return EnsureAsync(new HttpCall("roles.create", $"projects/{project}/roles/{id}", Host, HttpMethod.Post, $"v1/projects/{Uri.EscapeDataString(project)}/roles", () => GoogleJson.Body(body)), cancellationToken);
    }

    /// <summary>Sets what a custom role is called and holds.</summary>
    /// <param name="role">Such as <c>projects/P/roles/ID</c>.</param>
    /// <param name="wanted">All of it, so that what somebody else changed meanwhile does not matter, nor a call whose answer was lost.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="GoogleCallException">NOT_FOUND.</exception>
    public Task UpdateRoleAsync(string role, RoleDescription wanted, CancellationToken cancellationToken)
    {
        var path = $"v1/{GoogleJson.Path(role)}?updateMask=title,description,includedPermissions,stage";
        return http.SendAsync(new HttpCall("roles.patch", role, Host, HttpMethod.Patch, path, () => GoogleJson.Body(Json(wanted))), cancellationToken);
    }

    /// <summary>Brings a deleted role back. Its id can be given to no other for 44 days (docs: iam/docs/creating-custom-roles).</summary>
    public Task UndeleteRoleAsync(string role, CancellationToken cancellationToken) =>
        http.SendAsync(new HttpCall("roles.undelete", role, Host, HttpMethod.Post, $"v1/{GoogleJson.Path(role)}:undelete", () => GoogleJson.Body([])), cancellationToken);

    private static JsonObject Json(RoleDescription role) =>
        new() { ["title"] = role.Title, ["description"] = role.Description, ["includedPermissions"] = GoogleJson.List(role.Permissions.Order(StringComparer.Ordinal)), ["stage"] = "GA" };

    private async Task EnsureAsync(HttpCall call, CancellationToken cancellationToken)
    {
        try
        {
            await http.SendAsync(call, cancellationToken).ConfigureAwait(false);
        }
        catch (GoogleCallException error) when (error.Status == StatusCode.AlreadyExists)
        {
            // After a lost answer it may be the caller's own.
        }
    }
}
