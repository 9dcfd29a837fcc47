using BinAuthz.Emulator.Hosting;
using BinAuthz.Emulator.Iam.Enforcement;
using Grpc.Core;
using Microsoft.AspNetCore.Http;

namespace BinAuthz.Emulator.Gke;

/// <summary>Who may ask the GKE API. What is asked of a cluster itself is Kubernetes' to decide.</summary>
internal sealed class ClusterAccess(Authorizer authorizer, RequestLog log)
{
    /// <summary>How its methods are called in the request log.</summary>
    public const string Service = "/google.container.v1.ClusterManager/";

    /// <summary>Answers, or refuses in GKE's words.</summary>
    public IResult Answer(HttpRequest request, string method, string permission, string project, Func<IResult> answer) =>
        Refusal(request, method, new CheckedPermission(permission, $"projects/{project}")) ?? answer();

    /// <summary>The same.</summary>
    public Task<IResult> AnswerAsync(HttpRequest request, string method, string permission, string project, Func<Task<IResult>> answer) =>
        Refusal(request, method, new CheckedPermission(permission, $"projects/{project}")) is { } refusal ? Task.FromResult(refusal) : answer();

    private IResult? Refusal(HttpRequest request, string method, CheckedPermission needed)
    {
        var principal = Principal.Of(request);
        if (!authorizer.Decides(principal))
        {
            return null;
        }

        var holds = authorizer.Holds(principal, needed);
        log.Add(new RecordedRequest(Service + method, principal, holds ? StatusCode.OK : StatusCode.PermissionDenied));
        return holds ? null : ClusterDescriptions.Refuse(StatusCodes.Status403Forbidden, "PERMISSION_DENIED", $"Required \"{needed.Permission}\" permission(s) for \"{needed.Resource}\".");
    }
}
