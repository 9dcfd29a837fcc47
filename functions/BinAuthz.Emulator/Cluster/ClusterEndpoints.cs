using System.Text.Json.Nodes;
using BinAuthz.Emulator.Hosting;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace BinAuthz.Emulator.Cluster;

/// <summary>The Kubernetes API of every cluster, under <c>/clusters/PROJECT/LOCATION/NAME</c>, and the emulator's own way to hurry its controllers.</summary>
internal static class ClusterEndpoints
{
    private static readonly string[] Methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

    public static void MapClusterApi(this IEndpointRouteBuilder routes)
    {
        routes.MapMethods("/clusters/{project}/{location}/{name}/{**path}", Methods, AnswerAsync);
        routes.MapPost("/emulator/v1/clusters/{project}/{location}/{name}/retries", RetryNow);
    }

    private static IResult RetryNow(string project, string location, string name, int? times, Clusters clusters, Workloads workloads)
    {
        if (ClusterName.Of(project, location, name) is not { } cluster)
        {
            return Results.BadRequest($"{project}/{location}/{name} is no PROJECT/LOCATION/CLUSTER.");
        }

        var tried = Enumerable.Range(0, times ?? 1).Sum(_ => workloads.RetryNow(clusters.Get(cluster)));
        return Results.Json(new JsonObject { ["tried"] = tried });
    }

    private static async Task AnswerAsync(HttpContext http, string project, string location, string name, string? path, Clusters clusters, ObjectApi objects, Faults faults, RequestLog log, TimeProvider time)
    {
        var status = StatusCodes.Status200OK;
        string[] segments = (path ?? "").Split('/', StringSplitOptions.RemoveEmptyEntries);
        var method = $"Kubernetes-{http.Request.Method}-{(ApiPath.Of(segments) is { } known ? known.Kind.Plural : "discovery")}";
        try
        {
            var cluster = clusters.Get(ClusterName.Of(project, location, name) ?? throw StatusException.NoSuchPath());
            await FailAsync(faults, method, time, http.RequestAborted).ConfigureAwait(false);
            status = await RouteAsync(http, cluster, segments, objects).ConfigureAwait(false);
        }
        catch (StatusException error)
        {
            status = error.Code;
            await WriteAsync(http, status, error.ToStatus().ToJsonString()).ConfigureAwait(false);
        }
        catch (Exception error) when (error is not OperationCanceledException && !http.Response.HasStarted)
        {
            status = StatusCodes.Status500InternalServerError;
            await WriteAsync(http, status, new StatusException(status, "InternalError", $"The emulator failed: {error.GetType().Name}: {error.Message}").ToStatus().ToJsonString()).ConfigureAwait(false);
        }
        finally
        {
            log.Add(new RecordedRequest(method, Caller.Of(http.Request).Principal, HttpStatuses.ToGrpc(status)));
        }
    }

    private static async Task<int> RouteAsync(HttpContext http, ClusterState cluster, string[] segments, ObjectApi objects)
    {
        if (segments is ["healthz" or "livez" or "readyz", ..])
        {
            await http.Response.WriteAsync("ok", http.RequestAborted).ConfigureAwait(false);
            return StatusCodes.Status200OK;
        }

        if (ApiDiscovery.Find(segments) is { } document)
        {
            await WriteAsync(http, StatusCodes.Status200OK, document.ToJsonString()).ConfigureAwait(false);
            return StatusCodes.Status200OK;
        }

        var path = ApiPath.Of(segments) ?? throw StatusException.NoSuchPath();
        var call = new ApiCall(cluster, path, http.Request, await ApiCall.ReadBodyAsync(http.Request).ConfigureAwait(false));
        if (call.Watches && http.Request.Method == HttpMethods.Get)
        {
            await WatchStream.AnswerAsync(call).ConfigureAwait(false);
            return StatusCodes.Status200OK;
        }

        int status;
        string body;
        lock (cluster.Gate)
        {
            (status, var answer) = objects.Answer(call);
            body = answer.ToJsonString();
        }

        await WriteAsync(http, status, body).ConfigureAwait(false);
        return status;
    }

    private static async Task FailAsync(Faults faults, string method, TimeProvider time, CancellationToken cancellationToken)
    {
        if (faults.None || faults.Take(method) is not { } fault)
        {
            return;
        }

        await Task.Delay(fault.Wait, time, cancellationToken).ConfigureAwait(false);
        if (fault.Code != StatusCode.OK)
        {
            throw new StatusException(HttpStatuses.OfGrpc(fault.Code), "ServiceUnavailable", "A fault was asked for.");
        }
    }

    private static Task WriteAsync(HttpContext http, int status, string json)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        return http.Response.WriteAsync(json, http.RequestAborted);
    }
}
