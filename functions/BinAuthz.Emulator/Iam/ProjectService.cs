using BinAuthz.Emulator.Hosting;
using BinAuthz.Emulator.Iam.Enforcement;
using BinAuthz.Emulator.Rest;
using Google.Cloud.Iam.V1;
using Grpc.Core;

namespace BinAuthz.Emulator.Iam;

/// <summary>Projects: every id is one, with a number that stays the same.</summary>
internal sealed class ProjectService(IamPolicies policies, Authorizer authorizer) : Projects.ProjectsBase
{
    public override Task<Project> GetProject(GetProjectRequest request, ServerCallContext context) => Task.FromResult(new Project
    {
        ProjectId = request.ProjectId,
        Name = request.ProjectId,
        ProjectNumber = ProjectNumber.Of(request.ProjectId),
        LifecycleState = Project.Types.LifecycleState.Active,
    });

    public override Task<Policy> GetIamPolicy(GetIamPolicyRequest request, ServerCallContext context) => Task.FromResult(policies.Get(request.Resource));

    public override Task<Policy> SetIamPolicy(SetIamPolicyRequest request, ServerCallContext context) =>
        Task.FromResult(policies.Set(request.Resource, request.Policy, setsAuditConfigs: request.UpdateMask?.Paths.Contains("audit_configs") == true));

    public override Task<TestIamPermissionsResponse> TestIamPermissions(TestIamPermissionsRequest request, ServerCallContext context) =>
        Task.FromResult(authorizer.Held(Principal.Of(context), request));
}
