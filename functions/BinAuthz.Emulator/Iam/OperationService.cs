using BinAuthz.Emulator.Rest;
using BinAuthz.Emulator.State;
using Google.LongRunning;
using Grpc.Core;

namespace BinAuthz.Emulator.Iam;

/// <summary>Operations of the APIs that have locations.</summary>
internal sealed class OperationService(OperationStore operations) : LocationOperations.LocationOperationsBase
{
    public override Task<Operation> GetOperation(GetOperationRequest request, ServerCallContext context) => Task.FromResult(operations.Get(request.Name));

    public override Task<ListOperationsResponse> ListOperations(ListOperationsRequest request, ServerCallContext context)
    {
        var page = Page.Of(operations.List(request.Name), request.PageSize, request.PageToken);
        return Task.FromResult(new ListOperationsResponse { Operations = { page.Items }, NextPageToken = page.NextToken });
    }
}
