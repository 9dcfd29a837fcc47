using Google.Cloud.BinaryAuthorization.V1Beta1;
using Grpc.Core;

namespace BinAuthz.Emulator.BinaryAuthorization;

/// <summary>The system policy, v1beta1.</summary>
internal sealed class BetaSystemPolicyService : SystemPolicyV1Beta1.SystemPolicyV1Beta1Base
{
    public override Task<Policy> GetSystemPolicy(GetSystemPolicyRequest request, ServerCallContext context) =>
        Task.FromResult(SystemPolicies.Get(request.Name).As(Policy.Parser));
}
