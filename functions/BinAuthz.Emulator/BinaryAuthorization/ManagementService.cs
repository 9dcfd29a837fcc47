using Google.Cloud.BinaryAuthorization.V1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace BinAuthz.Emulator.BinaryAuthorization;

/// <summary>Policies and attestors, v1.</summary>
internal sealed class ManagementService(AttestorStore attestors, PolicyStore policies, TrustAudit audit) : BinauthzManagementServiceV1.BinauthzManagementServiceV1Base
{
    public override Task<Policy> GetPolicy(GetPolicyRequest request, ServerCallContext context) => Task.FromResult(policies.Get(request.Name));

    public override Task<Policy> UpdatePolicy(UpdatePolicyRequest request, ServerCallContext context)
    {
        var policy = policies.Replace(request.Policy);
        audit.Done(context, "policy.update", policy.Name, request, policy);
        return Task.FromResult(policy);
    }

    public override Task<Attestor> CreateAttestor(CreateAttestorRequest request, ServerCallContext context)
    {
        var attestor = attestors.Create(request.Parent, request.AttestorId, request.Attestor);
        audit.Done(context, "attestors.create", request.Parent, request);
        return Task.FromResult(attestor);
    }

    public override Task<Attestor> GetAttestor(GetAttestorRequest request, ServerCallContext context) => Task.FromResult(attestors.Get(request.Name));

    public override Task<Attestor> UpdateAttestor(UpdateAttestorRequest request, ServerCallContext context)
    {
        var attestor = attestors.Replace(request.Attestor);
        audit.Done(context, "attestors.update", attestor.Name, request);
        return Task.FromResult(attestor);
    }

    public override Task<ListAttestorsResponse> ListAttestors(ListAttestorsRequest request, ServerCallContext context)
    {
        var page = attestors.List(request.Parent, request.PageSize, request.PageToken);
        return Task.FromResult(new ListAttestorsResponse { Attestors = { page.Items }, NextPageToken = page.NextToken });
    }

    public override Task<Empty> DeleteAttestor(DeleteAttestorRequest request, ServerCallContext context)
    {
        attestors.Delete(request.Name);
        audit.Done(context, "attestors.delete", request.Name, request);
        return Task.FromResult(new Empty());
    }
}
