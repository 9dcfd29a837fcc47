using System.Text.RegularExpressions;
using BinAuthz.Emulator.Hosting;
using BinAuthz.Emulator.State;
using Google.Cloud.Iam.Admin.V1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace BinAuthz.Emulator.Iam;

/// <summary>IAM's own resources: custom roles and service accounts.</summary>
internal sealed partial class RoleService(RoleStore roles, ServiceAccountStore accounts) : IAM.IAMBase
{
    public override Task<Role> GetRole(GetRoleRequest request, ServerCallContext context) => Task.FromResult(roles.Find(request.Name) ?? throw NotFound(request.Name));

    public override Task<Role> CreateRole(CreateRoleRequest request, ServerCallContext context)
    {
        if (!RoleId().IsMatch(request.RoleId))
        {
            throw Errors.Invalid($"The role_id '{request.RoleId}' has 3 to 64 letters, digits, underscores and periods.");
        }

        var role = request.Role?.Clone() ?? new Role();
        role.Name = $"{request.Parent}/roles/{request.RoleId}";
        role.Deleted = false;
        role.Etag = Etags.Of(role);
        return Task.FromResult(roles.TryAdd(role) ? role : throw Errors.AlreadyExists($"A role named {request.RoleId} in {request.Parent} already exists."));
    }

    public override Task<Role> UpdateRole(UpdateRoleRequest request, ServerCallContext context) => Task.FromResult(
        roles.Update(request.Name, current =>
        {
            if (request.Role?.Etag is { IsEmpty: false } etag && etag != current.Etag)
            {
                throw Errors.Aborted("There were concurrent changes of the role. Please retry the whole read-modify-write with exponential backoff.");
            }

            var updated = Masks.Apply(current, request.Role ?? new Role(), request.UpdateMask);
            updated.Name = current.Name;
            updated.Etag = Etags.Of(updated);
            return updated;
        }) ?? throw NotFound(request.Name));

    public override Task<Role> UndeleteRole(UndeleteRoleRequest request, ServerCallContext context) => Task.FromResult(
        roles.Update(request.Name, role =>
        {
            role.Deleted = false;
            return role;
        }) ?? throw NotFound(request.Name));

    public override Task<ListServiceAccountsResponse> ListServiceAccounts(ListServiceAccountsRequest request, ServerCallContext context)
    {
        var page = Page.Of(accounts.List(request.Name), request.PageSize, request.PageToken);
        return Task.FromResult(new ListServiceAccountsResponse { Accounts = { page.Items }, NextPageToken = page.NextToken });
    }

    public override Task<ServiceAccount> GetServiceAccount(GetServiceAccountRequest request, ServerCallContext context) => Task.FromResult(accounts.Get(request.Name));

    public override Task<ServiceAccount> CreateServiceAccount(CreateServiceAccountRequest request, ServerCallContext context) =>
        Task.FromResult(accounts.Create(request.Name, request.AccountId, request.ServiceAccount));

    public override Task<Empty> DeleteServiceAccount(DeleteServiceAccountRequest request, ServerCallContext context)
    {
        accounts.Delete(request.Name);
        return Task.FromResult(new Empty());
    }

    public override Task<Role> DeleteRole(DeleteRoleRequest request, ServerCallContext context) => Task.FromResult(
        roles.Update(request.Name, role =>
        {
            role.Deleted = true;
            return role;
        }) ?? throw NotFound(request.Name));

    private static RpcException NotFound(string name) => Errors.NotFound($"The role named {name} was not found.");

    [GeneratedRegex(@"\A[a-zA-Z0-9_.]{3,64}\z")]
    private static partial Regex RoleId();
}
