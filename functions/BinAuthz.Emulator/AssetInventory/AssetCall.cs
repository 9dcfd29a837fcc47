using System.Text.Json.Nodes;
using BinAuthz.Emulator.Hosting;
using BinAuthz.Emulator.Iam.Enforcement;
using Grpc.Core;
using Microsoft.AspNetCore.Http;

namespace BinAuthz.Emulator.AssetInventory;

/// <summary>Around every list of assets: who may have it, faults, the request log, and Google's shape of errors.</summary>
internal sealed class AssetCall(Faults faults, RequestLog log, Authorizer authorizer, TimeProvider time)
{
    private const string Method = "/google.cloud.asset.v1.AssetService/ListAssets";

    public async Task<IResult> RunAsync(string parent, HttpContext context, Func<JsonObject> answer)
    {
        var status = StatusCode.OK;
        var principal = Principal.Of(context.Request);
        try
        {
            // The quota is that of the project that is asked about, which has to be used for that (docs: asset-inventory/docs/required-permissions).
            authorizer.Check(principal, Method, () => [new("cloudasset.assets.listResource", parent), new("serviceusage.services.use", parent)]);
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
            log.Add(new RecordedRequest(Method, principal, status));
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
