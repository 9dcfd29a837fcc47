using Google.Cloud.ServiceUsage.V1;
using Google.LongRunning;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace BinAuthz.Emulator.Iam;

/// <summary>Service Usage: every API is enabled.</summary>
internal sealed class ServiceUsageService : ServiceUsage.ServiceUsageBase
{
    private static readonly string[] Apis =
    [
        "artifactregistry.googleapis.com", "binaryauthorization.googleapis.com", "cloudkms.googleapis.com", "containeranalysis.googleapis.com",
        "logging.googleapis.com", "pubsub.googleapis.com", "secretmanager.googleapis.com", "storage.googleapis.com",
    ];

    public override Task<Service> GetService(GetServiceRequest request, ServerCallContext context) => Task.FromResult(Describe(request.Name));

    public override Task<ListServicesResponse> ListServices(ListServicesRequest request, ServerCallContext context) =>
        Task.FromResult(new ListServicesResponse { Services = { Apis.Select(api => Describe($"{request.Parent}/services/{api}")) } });

    public override Task<Operation> EnableService(EnableServiceRequest request, ServerCallContext context) =>
        Task.FromResult(Done(new EnableServiceResponse { Service = Describe(request.Name) }));

    public override Task<Operation> BatchEnableServices(BatchEnableServicesRequest request, ServerCallContext context) =>
        Task.FromResult(Done(new BatchEnableServicesResponse { Services = { request.ServiceIds.Select(id => Describe($"{request.Parent}/services/{id}")) } }));

    private static Service Describe(string name) => new()
    {
        Name = name,
        Parent = name[..name.IndexOf("/services/", StringComparison.Ordinal)],
        State = Google.Cloud.ServiceUsage.V1.State.Enabled,
        Config = new ServiceConfig { Name = name[(name.LastIndexOf('/') + 1)..] },
    };

    private static Operation Done(IMessage response) => new() { Name = "operations/noop.DONE_OPERATION", Done = true, Response = Any.Pack(response) };
}
