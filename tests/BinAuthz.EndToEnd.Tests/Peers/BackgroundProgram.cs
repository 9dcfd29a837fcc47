using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace BinAuthz.EndToEnd.Tests.Peers;

/// <summary>A server of somebody else's that a test talks to; it is killed in the end.</summary>
internal sealed class BackgroundProgram : IAsyncDisposable
{
    private readonly Process process;

    private BackgroundProgram(Process process) => this.process = process;

    /// <summary>Starts a program and waits until <paramref name="port"/> answers.</summary>
    public static async Task<BackgroundProgram> StartAsync(string path, IEnumerable<string> arguments, int port)
    {
        var process = Process.Start(new ProcessStartInfo(path, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var program = new BackgroundProgram(process);
        if (!await Eventually.HoldsAsync(() => AnswersAsync(port), TimeSpan.FromMinutes(1), TimeSpan.FromMilliseconds(100), TestContext.Current.CancellationToken))
        {
            await program.DisposeAsync();
            Assert.Fail($"{path} did not open port {port}.");
        }

        return program;
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
        }

        process.Dispose();
    }

    private static async Task<bool> AnswersAsync(int port)
    {
        using var probe = new TcpClient();
        try
        {
            await probe.ConnectAsync(IPAddress.Loopback, port, TestContext.Current.CancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
