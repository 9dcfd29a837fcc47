using BinAuthz.Emulator.ArtifactRegistry.Distribution;
using BinAuthz.Emulator.Hosting;
using BinAuthz.Emulator.Logging;
using Google.Api;
using Google.Cloud.Audit;
using Google.Cloud.Logging.Type;
using Google.Cloud.Logging.V2;
using Google.Protobuf.WellKnownTypes;

namespace BinAuthz.Emulator.ArtifactRegistry;

/// <summary>Writes the data access entry of a push. As Artifact Registry's, it names what was requested: of a push by tag, the tag alone.</summary>
internal sealed class PushAuditLog(LogWriter logs, EmulatorSwitches switches, TimeProvider time)
{
    private const string Service = "artifactregistry.googleapis.com";
    private const string Method = "Docker-PutManifest";

    /// <summary>Tells of a push that succeeded.</summary>
    public void Pushed(DistributionRequest request)
    {
        if (!switches.AuditPushes)
        {
            return;
        }

        var now = Timestamp.FromDateTimeOffset(time.GetUtcNow());
        logs.Write([new LogEntry
        {
            LogName = $"projects/{request.Image.Project}/logs/cloudaudit.googleapis.com%2Fdata_access",
            Timestamp = now,
            Severity = LogSeverity.Info,
            Resource = new MonitoredResource { Type = "audited_resource", Labels = { ["method"] = Method, ["project_id"] = request.Image.Project, ["service"] = Service } },
            ProtoPayload = Any.Pack(Payload(request)),
        }]);
    }

    private static AuditLog Payload(DistributionRequest request)
    {
        var (image, http) = (request.Image, request.Http.Request);
        return new AuditLog
        {
            ServiceName = Service,
            MethodName = Method,
            ResourceName = $"{image.RepositoryName}/dockerImages/{Uri.EscapeDataString(image.Image)}",
            Status = new Google.Rpc.Status(),
            AuthenticationInfo = AuditCaller.Of(Principal.Of(http)),
            AuthorizationInfo =
            {
                new AuthorizationInfo
                {
                    Resource = image.RepositoryName,
                    Permission = "artifactregistry.repositories.uploadArtifacts",
                    PermissionType = AuthorizationInfo.Types.PermissionType.DataWrite,
                    Granted = true,
                },
            },
            RequestMetadata = new RequestMetadata { CallerIp = http.HttpContext.Connection.RemoteIpAddress?.ToString() ?? "", CallerSuppliedUserAgent = http.Headers.UserAgent.ToString() },
            Request = new Struct
            {
                Fields =
                {
                    ["@type"] = Value.ForString("type.googleapis.com/google.logging.type.HttpRequest"),
                    ["requestMethod"] = Value.ForString(request.Method),
                    ["requestUrl"] = Value.ForString($"{request.ImagePath}/manifests/{request.Reference}"),
                },
            },
            ResourceLocation = new ResourceLocation { CurrentLocations = { image.Location }, OriginalLocations = { image.Location } },
        };
    }
}
