using BinAuthz.Emulator.Hosting;
using BinAuthz.Emulator.Iam.Enforcement;
using BinAuthz.Emulator.Rest;
using Google.Cloud.Iam.V1;
using Grpc.Core;

namespace BinAuthz.Emulator.Iam;

/// <summary>The REST forms of the IAM methods that gcloud uses and the public contract lacks.</summary>
internal sealed class ResourceIamService(IamPolicies policies, Authorizer authorizer) : ResourceIam.ResourceIamBase
{
    public override Task<Policy> GetIamPolicy(GetIamPolicyRequest request, ServerCallContext context) => Task.FromResult(policies.Get(request.Resource));

    public override Task<Policy> SetIamPolicy(SetIamPolicyRequest request, ServerCallContext context) => Task.FromResult(policies.Set(request.Resource, request.Policy));

    public override Task<TestIamPermissionsResponse> TestIamPermissions(TestIamPermissionsRequest request, ServerCallContext context) =>
        Task.FromResult(authorizer.Held(Principal.Of(context), request));
}
