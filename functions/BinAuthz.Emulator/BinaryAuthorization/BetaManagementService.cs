using Google.Cloud.BinaryAuthorization.V1Beta1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using V1 = Google.Cloud.BinaryAuthorization.V1;

namespace BinAuthz.Emulator.BinaryAuthorization;

/// <summary>Policies and attestors, v1beta1: the same resources under older names.</summary>
internal sealed class BetaManagementService(AttestorStore attestors, PolicyStore policies, TrustAudit audit) : BinauthzManagementServiceV1Beta1.BinauthzManagementServiceV1Beta1Base
{
    public override Task<Policy> GetPolicy(GetPolicyRequest request, ServerCallContext context) =>
        Task.FromResult(policies.Get(request.Name).As(Policy.Parser));

    public override Task<Policy> UpdatePolicy(UpdatePolicyRequest request, ServerCallContext context)
    {
        var policy = policies.Replace(request.Policy.As(V1.Policy.Parser)).As(Policy.Parser);
        audit.Done(context, "policy.update", policy.Name, request, policy);
        return Task.FromResult(policy);
    }

    public override Task<Attestor> CreateAttestor(CreateAttestorRequest request, ServerCallContext context)
    {
        var attestor = attestors.Create(request.Parent, request.AttestorId, request.Attestor.As(V1.Attestor.Parser)).As(Attestor.Parser);
        audit.Done(context, "attestors.create", request.Parent, request);
        return Task.FromResult(attestor);
    }

    public override Task<Attestor> GetAttestor(GetAttestorRequest request, ServerCallContext context) =>
        Task.FromResult(attestors.Get(request.Name).As(Attestor.Parser));

    public override Task<Attestor> UpdateAttestor(UpdateAttestorRequest request, ServerCallContext context)
    {
        var attestor = attestors.Replace(request.Attestor.As(V1.Attestor.Parser)).As(Attestor.Parser);
        audit.Done(context, "attestors.update", attestor.Name, request);
        return Task.FromResult(attestor);
    }

    public override Task<ListAttestorsResponse> ListAttestors(ListAttestorsRequest request, ServerCallContext context)
    {
        var page = attestors.List(request.Parent, request.PageSize, request.PageToken);
        return Task.FromResult(new ListAttestorsResponse { Attestors = { page.Items.Select(attestor => attestor.As(Attestor.Parser)) }, NextPageToken = page.NextToken });
    }

    public override Task<Empty> DeleteAttestor(DeleteAttestorRequest request, ServerCallContext context)
    {
        attestors.Delete(request.Name);
        audit.Done(context, "attestors.delete", request.Name, request);
        return Task.FromResult(new Empty());
    }
}
