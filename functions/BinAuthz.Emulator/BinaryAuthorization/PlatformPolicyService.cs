using BinAuthz.Emulator.Rest;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace BinAuthz.Emulator.BinaryAuthorization;

/// <summary>Platform policies.</summary>
internal sealed class PlatformPolicyService(PlatformPolicyStore policies) : PlatformPolicies.PlatformPoliciesBase
{
    public override Task<PlatformPolicy> CreatePlatformPolicy(CreatePlatformPolicyRequest request, ServerCallContext context) =>
        Task.FromResult(policies.Create(request.Parent, request.PolicyId, request.PlatformPolicy));

    public override Task<PlatformPolicy> GetPlatformPolicy(GetPlatformPolicyRequest request, ServerCallContext context) => Task.FromResult(policies.Get(request.Name));

    public override Task<ListPlatformPoliciesResponse> ListPlatformPolicies(ListPlatformPoliciesRequest request, ServerCallContext context)
    {
        var page = policies.List(request.Parent, request.PageSize, request.PageToken);
        return Task.FromResult(new ListPlatformPoliciesResponse { PlatformPolicies = { page.Items }, NextPageToken = page.NextToken });
    }

    public override Task<PlatformPolicy> ReplacePlatformPolicy(ReplacePlatformPolicyRequest request, ServerCallContext context) =>
        Task.FromResult(policies.Replace(request.PlatformPolicy));

    public override Task<Empty> DeletePlatformPolicy(DeletePlatformPolicyRequest request, ServerCallContext context)
    {
        policies.Delete(request.Name, request.Etag);
        return Task.FromResult(new Empty());
    }
}
