using BinAuthz.Emulator.Hosting;
using BinAuthz.Emulator.Iam.Enforcement;
using Google.Cloud.Iam.V1;
using Grpc.Core;

namespace BinAuthz.Emulator.Iam;

/// <summary>The IAM mix-in of every API: Cloud KMS, Binary Authorization, Pub/Sub.</summary>
internal sealed class IamPolicyService(IamPolicies policies, Authorizer authorizer) : IAMPolicy.IAMPolicyBase
{
    public override Task<Policy> GetIamPolicy(GetIamPolicyRequest request, ServerCallContext context) => Task.FromResult(policies.Get(request.Resource));

    public override Task<Policy> SetIamPolicy(SetIamPolicyRequest request, ServerCallContext context) => Task.FromResult(policies.Set(request.Resource, request.Policy));

    public override Task<TestIamPermissionsResponse> TestIamPermissions(TestIamPermissionsRequest request, ServerCallContext context) => Task.FromResult(authorizer.Held(Principal.Of(context), request));
}
