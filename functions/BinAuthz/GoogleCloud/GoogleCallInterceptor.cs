using Grpc.Core;
using Grpc.Core.Interceptors;

namespace BinAuthz.GoogleCloud;

/// <summary>Gives every call its deadline, and what goes wrong one shape.</summary>
internal sealed class GoogleCallInterceptor : Interceptor
{
    /// <summary>How long a call may take, its retries included. An event-driven function has 540 s (docs: functions/configuring/timeout).</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        TRequest request, ClientInterceptorContext<TRequest, TResponse> context, AsyncUnaryCallContinuation<TRequest, TResponse> continuation)
    {
        // gRPC counts a deadline down by the system's clock, whatever the time is that decisions are made by.
        var options = context.Options.WithDeadline(TimeProvider.System.GetUtcNow().UtcDateTime + Deadline);
        var call = continuation(request, new ClientInterceptorContext<TRequest, TResponse>(context.Method, context.Host, options));
        var response = TranslateAsync(call.ResponseAsync, context.Method.Name, options);
        return new AsyncUnaryCall<TResponse>(response, call.ResponseHeadersAsync, call.GetStatus, call.GetTrailers, call.Dispose);
    }

    private static async Task<TResponse> TranslateAsync<TResponse>(Task<TResponse> response, string method, CallOptions options)
    {
        try
        {
            return await response.ConfigureAwait(false);
        }
        catch (RpcException error) when (error.StatusCode == StatusCode.Cancelled && options.CancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(error.Message, error, options.CancellationToken);
        }
        catch (RpcException error)
        {
            throw new GoogleCallException(method, Routing.ResourceOf(options), error.StatusCode, error.Status.Detail, error);
        }
    }
}
