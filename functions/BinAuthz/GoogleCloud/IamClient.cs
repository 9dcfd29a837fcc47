using System.Text.Json.Nodes;
using Grpc.Core;

namespace BinAuthz.GoogleCloud;

/// <summary>IAM in the REST form that every API publishes: what the caller may do, who else may do what, and what a project's audit logs record.</summary>
internal sealed class IamClient(GoogleHttp http)
{
    /// <summary>The host for projects.</summary>
    public const string Projects = "cloudresourcemanager.googleapis.com";

    private const string Roles = "iam.googleapis.com";

    /// <summary>Which of some permissions the caller holds on a resource.</summary>
    /// <param name="host">Of the API that has the resource, such as <c>cloudkms.googleapis.com</c>.</param>
    /// <param name="resource">Such as <c>projects/P/attestors/A</c>.</param>
    /// <param name="permissions">The permissions.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IReadOnlySet<string>> HeldAsync(string host, string resource, IEnumerable<string> permissions, CancellationToken cancellationToken)
    {
        var asked = new JsonObject { ["permissions"] = GoogleJson.List(permissions) };
        var call = new HttpCall("testIamPermissions", resource, host, HttpMethod.Post, $"v1/{GoogleJson.Path(resource)}:testIamPermissions", () => GoogleJson.Body(asked));
        return GoogleJson.Texts((await http.CallAsync(call, cancellationToken).ConfigureAwait(false))["permissions"]).ToHashSet();
    }

    /// <summary>The services of which a project records DATA_WRITE audit logs; <c>allServices</c> stands for all.</summary>
    public async Task<IReadOnlySet<string>> ListAuditedWritesAsync(string project, CancellationToken cancellationToken)
    {
        var policy = await GetPolicyAsync(IamResource.Project(project), cancellationToken).ConfigureAwait(false);
        return policy.AuditLogs.Where(log => log.Type == "DATA_WRITE").Select(log => log.Service).ToHashSet();
    }

    /// <summary>The policy of a resource.</summary>
    /// <exception cref="GoogleCallException">It was refused or not answered; NOT_FOUND: there is no such resource.</exception>
    public async Task<IamPolicy> GetPolicyAsync(IamResource resource, CancellationToken cancellationToken) =>
        (await ReadPolicyAsync(resource, cancellationToken).ConfigureAwait(false)).Policy;

    /// <summary>The policy of a resource, to be changed.</summary>
    /// <exception cref="GoogleCallException">As of <see cref="GetPolicyAsync"/>.</exception>
    public async Task<IamPolicyDocument> ReadPolicyAsync(IamResource resource, CancellationToken cancellationToken)
    {
        var call = resource.IsPosted
            ? new HttpCall("getIamPolicy", resource.Name, resource.Host, HttpMethod.Post, resource.Path, () => GoogleJson.Body(new JsonObject { ["options"] = new JsonObject { ["requestedPolicyVersion"] = 3 } }))
            : new HttpCall("getIamPolicy", resource.Name, resource.Host, HttpMethod.Get, resource.Path);
        return new IamPolicyDocument(await http.CallAsync(call, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Replaces the policy of a resource by what was made of it since it was read.</summary>
    /// <exception cref="GoogleCallException">ABORTED: somebody else changed it meanwhile. INVALID_ARGUMENT: also when a member does not exist, or not yet.</exception>
    public async Task SetPolicyAsync(IamResource resource, IamPolicyDocument policy, CancellationToken cancellationToken)
    {
        var (verb, path, body) = resource.Write(policy.Json);
        try
        {
            await http.SendAsync(new HttpCall("setIamPolicy", resource.Name, resource.Host, verb, path, () => GoogleJson.Body(body)), cancellationToken).ConfigureAwait(false);
        }
        catch (GoogleCallException error) when (error.Status is StatusCode.AlreadyExists or StatusCode.FailedPrecondition)
        {
            // HTTP has 409 for ABORTED, too, and Cloud Storage answers 412 to an etag that is not the current one.
            throw new GoogleCallException(error.Method, error.Resource, StatusCode.Aborted, "Somebody else changed the policy meanwhile.", error);
        }
    }

    /// <summary>The number of a project, which names Google's own identities in it.</summary>
    public async Task<string> GetProjectNumberAsync(string project, CancellationToken cancellationToken)
    {
        var resource = $"projects/{project}";
        var found = await http.CallAsync(new HttpCall("projects.get", resource, Projects, HttpMethod.Get, $"v1/{GoogleJson.Path(resource)}"), cancellationToken).ConfigureAwait(false);
        return GoogleJson.Text(found["projectNumber"]) is { Length: > 0 } number ? number
            : throw new GoogleCallException("projects.get", resource, StatusCode.Internal, "The answer has no projectNumber.");
    }

    /// <summary>The permissions of a custom role.</summary>
    /// <param name="role">Such as <c>projects/P/roles/ID</c>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>None when the role is deleted: its bindings grant nothing then.</returns>
    /// <exception cref="GoogleCallException">It was refused or not answered.</exception>
    public async Task<IReadOnlySet<string>> GetRoleAsync(string role, CancellationToken cancellationToken) =>
        await FindRoleAsync(role, cancellationToken).ConfigureAwait(false) is { IsDeleted: false } found ? found.Permissions : new HashSet<string>();

    /// <summary>Describes a custom role.</summary>
    /// <param name="role">Such as <c>projects/P/roles/ID</c>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Null: there is none.</returns>
    public async Task<RoleDescription?> FindRoleAsync(string role, CancellationToken cancellationToken)
    {
        try
        {
            var found = await http.CallAsync(new HttpCall("roles.get", role, Roles, HttpMethod.Get, $"v1/{GoogleJson.Path(role)}"), cancellationToken).ConfigureAwait(false);
            return new RoleDescription(GoogleJson.Text(found["title"]), GoogleJson.Text(found["description"]), GoogleJson.Texts(found["includedPermissions"]).ToHashSet()) { IsDeleted = GoogleJson.IsTrue(found["deleted"]) };
        }
        catch (GoogleCallException error) when (error.Status == StatusCode.NotFound)
        {
            return null;
        }
    }
}
