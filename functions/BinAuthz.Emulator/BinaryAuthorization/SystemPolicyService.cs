using Google.Cloud.BinaryAuthorization.V1;
using Grpc.Core;

namespace BinAuthz.Emulator.BinaryAuthorization;

/// <summary>The system policy, v1.</summary>
internal sealed class SystemPolicyService : SystemPolicyV1.SystemPolicyV1Base
{
    public override Task<Policy> GetSystemPolicy(GetSystemPolicyRequest request, ServerCallContext context) => Task.FromResult(SystemPolicies.Get(request.Name));
}
