using System.Text.Json;
using BinAuthz.Emulator.Hosting;
using Grpc.Core;
using Microsoft.AspNetCore.Http;

namespace BinAuthz.Emulator.Storage;

/// <summary>Around every call of the JSON API: who may make it, faults, the request log, and Cloud Storage's shape of errors.</summary>
internal sealed class StorageCall(Faults faults, RequestLog log, StorageAccess access, TimeProvider time)
{
    /// <summary>Runs one method, such as <c>storage.objects.insert</c>.</summary>
    public async Task<IResult> RunAsync(string method, HttpContext context, Func<HttpContext, Task<IResult>> handler)
    {
        var status = StatusCode.OK;
        var principal = Principal.Of(context.Request);
        try
        {
            access.Check(principal, method, context);
            var fault = faults.None ? null : faults.Take(method);
            if (fault is not null)
            {
                await Task.Delay(fault.Wait, time, context.RequestAborted).ConfigureAwait(false);
                ThrowIf(fault is { Code: not StatusCode.OK, AfterCommit: false }, fault);
            }

            var result = await handler(context).ConfigureAwait(false);
            ThrowIf(fault is { AfterCommit: true }, fault);
            return result;
        }
        catch (StorageException error)
        {
            status = HttpStatuses.ToGrpc(error.Status);
            return Error(error);
        }
        catch (JsonException error)
        {
            status = StatusCode.InvalidArgument;
            return Error(StorageException.Invalid($"The body is not valid JSON: {error.Message}"));
        }
        finally
        {
            log.Add(new RecordedRequest(method, principal, status));
        }
    }

    private static void ThrowIf(bool strikes, Faults.Fault? fault)
    {
        if (strikes)
        {
            throw new StorageException(HttpStatuses.OfGrpc(fault!.Code), "backendError", "A fault was asked for.");
        }
    }

    private static IResult Error(StorageException error) => Results.Json(
        new { error = new { code = error.Status, message = error.Message, errors = new[] { new { message = error.Message, domain = "global", reason = error.Reason } } } },
        statusCode: error.Status);
}
