using System.Text.RegularExpressions;
using BinAuthz.Emulator.Hosting;
using BinAuthz.Emulator.State;
using Google.Cloud.Iam.Admin.V1;
using Grpc.Core;

namespace BinAuthz.Emulator.Iam;

/// <summary>Custom roles.</summary>
internal sealed partial class RoleService(RoleStore roles) : IAM.IAMBase
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
