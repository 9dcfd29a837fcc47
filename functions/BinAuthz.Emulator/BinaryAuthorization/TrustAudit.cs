using BinAuthz.Emulator.Logging;
using Google.Api;
using Google.Protobuf;
using Grpc.Core;

namespace BinAuthz.Emulator.BinaryAuthorization;

/// <summary>Tells the audit log of policies and attestors that were changed (docs: binary-authorization/docs/audit-logging).</summary>
internal sealed class TrustAudit(AdminAudit audit)
{
    private const string Service = "binaryauthorization.googleapis.com";

    /// <summary>Tells of a change; the method is that of the call, in whichever version of the API.</summary>
    public void Done(ServerCallContext context, string permission, string resource, IMessage request, IMessage? response = null)
    {
        var method = context.Method.TrimStart('/').Replace('/', '.');
        var monitored = new MonitoredResource { Type = "audited_resource", Labels = { ["method"] = method, ["project_id"] = resource.Split('/')[1], ["service"] = Service } };
        audit.Done(context, new AdminActivity(Service, method, $"binaryauthorization.{permission}", resource, monitored, request, response));
    }
}
