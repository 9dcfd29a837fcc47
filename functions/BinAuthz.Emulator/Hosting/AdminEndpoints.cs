using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace BinAuthz.Emulator.Hosting;

/// <summary>What only an emulator has: faults, switches and the request log over HTTP, under <c>/emulator/v1/</c>.</summary>
internal static class AdminEndpoints
{
    public static void MapAdmin(this IEndpointRouteBuilder routes)
    {
        var admin = routes.MapGroup("/emulator/v1");
        admin.MapGet("/health", () => Results.Ok());
        admin.MapGet("/requests", (RequestLog log) => log.Snapshot().Select(request => new { request.Method, request.Principal, Status = GoogleRest.CanonicalName(request.Status) }));
        admin.MapDelete("/requests", (RequestLog log) => log.Clear());
        admin.MapGet("/decisions", (EmulatorAccess access) => access.Decisions);
        admin.MapDelete("/decisions", (EmulatorAccess access) => access.ForgetDecisions());
        admin.MapDelete("/faults", (Faults faults) => faults.Clear());
        admin.MapPost("/faults", AddFault);
        admin.MapGet("/switches", (EmulatorSwitches switches) => switches);
        admin.MapPut("/switches", ([FromBody] EmulatorSwitches wanted, [FromServices] EmulatorSwitches switches) =>
        {
            switches.Take(wanted);
            return switches;
        });
    }

    private static IResult AddFault(FaultRequest fault, Faults faults)
    {
        if (string.IsNullOrEmpty(fault.Method) || !Enum.TryParse<StatusCode>(fault.Code?.Replace("_", "", StringComparison.Ordinal), ignoreCase: true, out var code))
        {
            return Results.BadRequest("A fault is {\"method\":\"AsymmetricSign\",\"code\":\"UNAVAILABLE\",\"times\":1,\"share\":0.1,\"delayMilliseconds\":0,\"afterCommit\":false}; code is a google.rpc.Code, OK for a delay alone.");
        }

        if (code == StatusCode.OK)
        {
            faults.Delay(fault.Method, TimeSpan.FromMilliseconds(fault.DelayMilliseconds));
        }
        else if (fault.Share is { } share)
        {
            faults.FailShare(fault.Method, code, share);
        }
        else
        {
            faults.FailNext(fault.Method, code, fault.Times ?? 1, fault.AfterCommit);
        }

        return Results.Ok();
    }

    private sealed record FaultRequest(string? Method, string? Code, int? Times, double? Share, int DelayMilliseconds, bool AfterCommit);
}
