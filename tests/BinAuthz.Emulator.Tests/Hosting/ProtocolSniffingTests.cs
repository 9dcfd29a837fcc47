using System.Net.Sockets;

namespace BinAuthz.Emulator.Tests.Hosting;

public sealed class ProtocolSniffingTests
{
    [Fact]
    public async Task DisposeAsync_ConnectionOnWhichNothingWasSaid_DoesNotWaitForIt()
    {
        var emulator = await EmulatorHost.StartAsync(new EmulatorOptions(), TestContext.Current.CancellationToken);
        using var silent = new TcpClient();
        await silent.ConnectAsync(emulator.RestEndpoint.Host, emulator.RestEndpoint.Port, TestContext.Current.CancellationToken);
        // A request on another connection: by its answer the silent one has been accepted too.
        using var http = new HttpClient();
        using var answer = await http.GetAsync(new Uri(emulator.RestEndpoint, "/v1/projects/acme-prod"), TestContext.Current.CancellationToken);

        var stopped = emulator.DisposeAsync().AsTask();

        Assert.Same(stopped, await Task.WhenAny(stopped, Task.Delay(TimeSpan.FromSeconds(20), TimeProvider.System, TestContext.Current.CancellationToken)));
    }
}
