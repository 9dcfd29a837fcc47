using BinAuthz.Emulator.Hosting;
using Google.Cloud.Audit;
using Google.Cloud.Logging.Type;
using Google.Cloud.Logging.V2;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc.Context;
using Grpc.Core;
using Microsoft.AspNetCore.Http;

namespace BinAuthz.Emulator.Logging;

/// <summary>Writes the admin activity entries of calls that changed something. Google logs calls that fail as well; here they leave no entry.</summary>
internal sealed class AdminAudit(LogWriter logs, EmulatorSwitches switches, TimeProvider time)
{
    private const string TypePrefix = "type.googleapis.com/";

    /// <summary>Tells of a change.</summary>
    public void Done(ServerCallContext context, AdminActivity activity)
    {
        if (!switches.AuditAdminActivity)
        {
            return;
        }

        var now = Timestamp.FromDateTimeOffset(time.GetUtcNow());
        logs.Write([new LogEntry
        {
            LogName = $"{LogName.Parent(activity.ResourceName)}/logs/cloudaudit.googleapis.com%2Factivity",
            Timestamp = now,
            Severity = LogSeverity.Notice,
            Resource = activity.Resource,
            ProtoPayload = Any.Pack(Payload(context, activity, now)),
        }]);
    }

    private static AuditLog Payload(ServerCallContext context, AdminActivity activity, Timestamp now)
    {
        var payload = new AuditLog
        {
            ServiceName = activity.Service,
            MethodName = activity.Method,
            ResourceName = activity.ResourceName,
            Status = new Google.Rpc.Status(),
            AuthenticationInfo = AuditCaller.Of(Principal.Of(context)),
            AuthorizationInfo =
            {
                new AuthorizationInfo
                {
                    Resource = activity.ResourceName,
                    Permission = activity.Permission,
                    PermissionType = AuthorizationInfo.Types.PermissionType.AdminWrite,
                    Granted = true,
                    ResourceAttributes = new AttributeContext.Types.Resource(),
                },
            },
            RequestMetadata = Metadata(context.GetHttpContext(), now),
            Request = Json(activity.Request),
        };
        if (activity.Response is { } response)
        {
            payload.Response = Json(response);
        }

        return payload;
    }

    private static RequestMetadata Metadata(HttpContext http, Timestamp now) => new()
    {
        CallerIp = http.Connection.RemoteIpAddress?.ToString() ?? "",
        CallerSuppliedUserAgent = http.Request.Headers.UserAgent.ToString(),
        RequestAttributes = new AttributeContext.Types.Request { Time = now, Auth = new AttributeContext.Types.Auth() },
        DestinationAttributes = new AttributeContext.Types.Peer(),
    };

    private static Struct Json(IMessage message)
    {
        var json = Struct.Parser.ParseJson(LogJson.Text(message));
        json.Fields["@type"] = Value.ForString(TypePrefix + message.Descriptor.FullName);
        return json;
    }
}
