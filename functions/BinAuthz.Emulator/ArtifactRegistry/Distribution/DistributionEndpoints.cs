using BinAuthz.Emulator.Hosting;
using BinAuthz.Emulator.Iam.Enforcement;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace BinAuthz.Emulator.ArtifactRegistry.Distribution;

/// <summary>The OCI distribution API, as which Artifact Registry is pushed to and pulled from.</summary>
internal static class DistributionEndpoints
{
    private static readonly string[] Methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];

    public static void MapDistribution(this IEndpointRouteBuilder routes)
    {
        routes.MapMethods("/v2", Methods, Ping);
        // The least specific template of all: methods of Google's v2 APIs go before it.
        routes.MapMethods("/v2/{**path}", Methods, AnswerAsync);
    }

    private static async Task<IResult> AnswerAsync(
        HttpContext http, string? path, ManifestRequests manifests, BlobRequests blobs, UploadRequests uploads, Authorizer authorizer, Faults faults, RequestLog log, TimeProvider time)
    {
        if (string.IsNullOrEmpty(path))
        {
            return Ping(http);
        }

        http.Response.Headers["Docker-Distribution-Api-Version"] = "registry/2.0";
        if (DistributionRequest.Of(http, path) is not { } request)
        {
            return OciError.NameInvalid(path);
        }

        var method = $"Docker-{request.Method}-{request.Part}";
        var principal = Principal.Of(http.Request);
        var needed = Needed(request);
        if (authorizer.Decides(principal) && !authorizer.Holds(principal, needed))
        {
            log.Add(new RecordedRequest(method, principal, StatusCode.PermissionDenied));
            return OciError.Denied(needed);
        }

        var fault = faults.None ? null : faults.Take(method);
        if (fault is not null)
        {
            await Task.Delay(fault.Wait, time, request.Aborted).ConfigureAwait(false);
        }

        var result = fault is { Code: not StatusCode.OK, AfterCommit: false } ? Failure(fault) : request.Part switch
        {
            "manifests" => await manifests.AnswerAsync(request).ConfigureAwait(false),
            "tags" => manifests.ListTags(request),
            "blobs" => blobs.Answer(request),
            _ => await uploads.AnswerAsync(request).ConfigureAwait(false),
        };
        result = fault is { AfterCommit: true } ? Failure(fault) : result;
        var status = (result as IStatusCodeHttpResult)?.StatusCode ?? StatusCodes.Status200OK;
        log.Add(new RecordedRequest(method, principal, HttpStatuses.ToGrpc(status)));
        return result;
    }

    // Uploads are read on the way to a push.
    private static CheckedPermission Needed(DistributionRequest request) => new(
        request.Method switch
        {
            "GET" or "HEAD" when request.Part != "uploads" => "artifactregistry.repositories.downloadArtifacts",
            "DELETE" when request.Part != "uploads" => "artifactregistry.repositories.deleteArtifacts",
            _ => "artifactregistry.repositories.uploadArtifacts",
        },
        request.Image.RepositoryName);

    private static IResult Failure(Faults.Fault fault) => OciError.Of(HttpStatuses.OfGrpc(fault.Code), "UNAVAILABLE", "A fault was asked for.");

    private static IResult Ping(HttpContext http)
    {
        http.Response.Headers["Docker-Distribution-Api-Version"] = "registry/2.0";
        return Results.Json(new { });
    }
}
