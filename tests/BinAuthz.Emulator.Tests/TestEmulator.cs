using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Grpc.Core;
using Grpc.Net.Client;

namespace BinAuthz.Emulator.Tests;

/// <summary>A running emulator with what its clients need.</summary>
public sealed class TestEmulator : IAsyncDisposable
{
    private TestEmulator(EmulatorHost host)
    {
        Host = host;
        Channel = GrpcChannel.ForAddress(host.GrpcEndpoint);
        Rest = new HttpClient { BaseAddress = host.RestEndpoint, Timeout = TimeSpan.FromSeconds(30) };
    }

    public EmulatorHost Host { get; }

    public GrpcChannel Channel { get; }

    public HttpClient Rest { get; }

    public static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static async Task<TestEmulator> StartAsync(EmulatorOptions? options = null) => new(await EmulatorHost.StartAsync(options ?? new EmulatorOptions(), Stop));

    /// <summary>Sends JSON and returns the JSON of the answer, whatever its status.</summary>
    public async Task<(int Status, JsonNode Json)> SendAsync(HttpMethod method, string path, string? json = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        if (json is not null)
        {
            request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        }

        using var response = await Rest.SendAsync(request, Stop);
        return ((int)response.StatusCode, (await response.Content.ReadFromJsonAsync<JsonNode>(Stop))!);
    }

    /// <summary>The status with which a call fails.</summary>
    public static async Task<RpcException> FailureAsync<T>(AsyncUnaryCall<T> call) => await Assert.ThrowsAsync<RpcException>(async () => await call);

    public async ValueTask DisposeAsync()
    {
        Channel.Dispose();
        Rest.Dispose();
        await Host.DisposeAsync();
    }
}
