using System.Collections.Concurrent;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;
using Grpc.Net.Client.Configuration;

namespace BinAuthz.GoogleCloud;

/// <summary>The connections to Google's APIs, or to one emulator that answers for all of them. They live as long as the process.</summary>
/// <param name="options">Where they lead.</param>
/// <param name="tokens">For Google's own APIs.</param>
/// <param name="handler">What sends the calls instead of the default; it belongs to the caller.</param>
internal sealed class GoogleChannels(BinAuthzOptions options, GoogleTokens tokens, HttpMessageHandler? handler = null) : IDisposable
{
    // The published policy: five attempts, and none for what a second call would do twice.
    private static readonly MethodConfig Retried = new()
    {
        Names = { MethodName.Default },
        RetryPolicy = new RetryPolicy
        {
            MaxAttempts = 5,
            InitialBackoff = TimeSpan.FromMilliseconds(100),
            MaxBackoff = TimeSpan.FromSeconds(5),
            BackoffMultiplier = 1.3,
            RetryableStatusCodes = { StatusCode.Unavailable, StatusCode.DeadlineExceeded },
        },
    };

    private static readonly MethodConfig NotRetried = new()
    {
        Names =
        {
            new MethodName { Service = "grafeas.v1.Grafeas", Method = "CreateOccurrence" },
            new MethodName { Service = "grafeas.v1.Grafeas", Method = "BatchCreateOccurrences" },
            new MethodName { Service = "grafeas.v1.Grafeas", Method = "CreateNote" },
            new MethodName { Service = "google.cloud.kms.v1.KeyManagementService", Method = "CreateCryptoKeyVersion" },
            new MethodName { Service = "google.cloud.kms.v1.KeyManagementService", Method = "CreateCryptoKey" },
            new MethodName { Service = "google.cloud.kms.v1.KeyManagementService", Method = "CreateKeyRing" },
            new MethodName { Service = "google.cloud.binaryauthorization.v1.BinauthzManagementServiceV1", Method = "CreateAttestor" },
        },
    };

    /// <summary>The largest answer that is taken, in bytes: pages of log entries and of images are larger than gRPC's default of 4 MiB.</summary>
    public const int LargestAnswer = 64 * 1024 * 1024;

    private readonly ConcurrentDictionary<Uri, Lazy<GrpcChannel>> channels = new();

    /// <summary>Whether an answer was larger than <see cref="LargestAnswer"/>: gRPC gives that the status of a quota, and only its words tell them apart.</summary>
    public static bool IsTooLarge(GoogleCallException error) =>
        error.Status == StatusCode.ResourceExhausted && error.Message.Contains("exceeds the maximum configured message size", StringComparison.Ordinal);

    /// <summary>How to call the API at <paramref name="host"/>, such as <c>cloudkms.googleapis.com</c>.</summary>
    public CallInvoker For(string host)
    {
        var address = options.Endpoint ?? new Uri($"https://{host}");
        var calls = channels.GetOrAdd(address, Open).Value.Intercept(new GoogleCallInterceptor());
        return EmulatedCaller.Header(options) is { } caller ? calls.Intercept(metadata => Named(metadata, caller)) : calls;
    }

    public void Dispose()
    {
        foreach (var channel in channels.Values)
        {
            channel.Value.Dispose();
        }
    }

    private Lazy<GrpcChannel> Open(Uri address) => new(() => GrpcChannel.ForAddress(address, new GrpcChannelOptions
    {
        HttpHandler = handler ?? new SocketsHttpHandler { EnableMultipleHttp2Connections = true, PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan },
        DisposeHttpClient = handler is null,
        MaxReceiveMessageSize = LargestAnswer,
        ServiceConfig = new ServiceConfig { MethodConfigs = { Retried, NotRetried } },
        Credentials = options.Endpoint is null ? ChannelCredentials.Create(ChannelCredentials.SecureSsl, CallCredentials.FromInterceptor(AuthorizeAsync)) : ChannelCredentials.Insecure,
    }));

    private static Metadata Named(Metadata metadata, string caller)
    {
        metadata.Add("authorization", caller);
        return metadata;
    }

    private async Task AuthorizeAsync(AuthInterceptorContext context, Metadata metadata)
    {
        foreach (var (name, value) in await tokens.HeadersAsync(context.ServiceUrl, context.CancellationToken).ConfigureAwait(false))
        {
            metadata.Add(name, value);
        }
    }
}
