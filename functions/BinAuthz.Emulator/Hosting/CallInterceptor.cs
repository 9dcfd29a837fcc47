using BinAuthz.Emulator.Iam.Enforcement;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Core.Interceptors;

namespace BinAuthz.Emulator.Hosting;

/// <summary>Around every call, from gRPC or REST: who may make it, faults, the request log, and one shape for what goes wrong inside.</summary>
internal sealed class CallInterceptor(Faults faults, RequestLog log, Authorizer authorizer, TimeProvider time) : Interceptor
{
    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        var status = StatusCode.Unknown;
        var principal = Principal.Of(context);
        try
        {
            authorizer.Check(principal, context.Method, () => request is IMessage message ? MethodPermissions.Of(context.Method, context.Host, message) : null);
            var fault = faults.None ? null : faults.Take(context.Method);
            await BeforeAsync(fault, context.CancellationToken).ConfigureAwait(false);
            var response = await continuation(request, context).ConfigureAwait(false);
            if (fault is { AfterCommit: true })
            {
                throw Errors.Of(fault.Code, "A fault was asked for, after the call took effect.");
            }

            status = StatusCode.OK;
            return response;
        }
        catch (RpcException error)
        {
            status = error.StatusCode;
            throw;
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            status = StatusCode.Internal;
            throw Errors.Of(StatusCode.Internal, $"The emulator failed: {error.GetType().Name}: {error.Message}");
        }
        finally
        {
            log.Add(new RecordedRequest(context.Method, principal, status));
        }
    }

    // What is streamed is not in the table.
    public override Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, DuplexStreamingServerMethod<TRequest, TResponse> continuation)
    {
        authorizer.Check(Principal.Of(context), context.Method, () => null);
        return continuation(requestStream, responseStream, context);
    }

    private async Task BeforeAsync(Faults.Fault? fault, CancellationToken cancellationToken)
    {
        if (fault is null)
        {
            return;
        }

        if (fault.Wait > TimeSpan.Zero)
        {
            await Task.Delay(fault.Wait, time, cancellationToken).ConfigureAwait(false);
        }

        if (fault.Code != StatusCode.OK && !fault.AfterCommit)
        {
            throw Errors.Of(fault.Code, "A fault was asked for.");
        }
    }
}
