using System.Text.Json.Nodes;
using BinAuthz.Emulator.Hosting;
using Grpc.Core;
using Microsoft.AspNetCore.Http;

namespace BinAuthz.Emulator.AssetInventory;

/// <summary>Around every list of assets: faults, the request log, and Google's shape of errors.</summary>
internal sealed class AssetCall(Faults faults, RequestLog log, TimeProvider time)
{
    private const string Method = "/google.cloud.asset.v1.AssetService/ListAssets";

    public async Task<IResult> RunAsync(HttpContext context, Func<JsonObject> answer)
    {
        var status = StatusCode.OK;
        try
        {
            if (!faults.None && faults.Take(Method) is { } fault)
            {
                await Task.Delay(fault.Wait, time, context.RequestAborted).ConfigureAwait(false);
                ThrowIfFailure(fault);
            }

            return Results.Text(answer().ToJsonString(), "application/json; charset=UTF-8");
        }
        catch (RpcException error)
        {
            status = error.StatusCode;
            return Error(error.Status);
        }
        finally
        {
            log.Add(new RecordedRequest(Method, Principal.Of(context.Request), status));
        }
    }

    private static void ThrowIfFailure(Faults.Fault fault)
    {
        if (fault.Code != StatusCode.OK)
        {
            throw Errors.Of(fault.Code, "A fault was asked for.");
        }
    }

    private static IResult Error(Status status)
    {
        var http = status.StatusCode == StatusCode.Unimplemented ? StatusCodes.Status501NotImplemented : HttpStatuses.OfGrpc(status.StatusCode);
        return Results.Json(new { error = new { code = http, message = status.Detail, status = GoogleRest.CanonicalName(status.StatusCode) } }, statusCode: http);
    }
}
