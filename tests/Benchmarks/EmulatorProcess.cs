using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Benchmarks;

/// <summary>The emulator in a process of its own, so that its work and its garbage are not the signer's.</summary>
internal sealed class EmulatorProcess : IDisposable
{
    private readonly Process process;

    private EmulatorProcess(Process process, JsonNode ready)
    {
        this.process = process;
        Rest = new Uri((string)ready["rest"]!);
        Grpc = new Uri((string)ready["grpc"]!);
        Http = new HttpClient { BaseAddress = Rest };
    }

    public Uri Rest { get; }

    public Uri Grpc { get; }

    public HttpClient Http { get; }

    /// <summary>The processor time that it has used.</summary>
    public TimeSpan Cpu
    {
        get
        {
            process.Refresh();
            return process.TotalProcessorTime;
        }
    }

    public static async Task<EmulatorProcess> StartAsync(CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "BinAuthz.Cli.dll"), "emulator", "up", "--project", Images.Project, "--environment", "production", "--bare", "--rest-port", "0", "--grpc-port", "0"])
        {
            RedirectStandardOutput = true,
        };
        var process = Process.Start(start)!;
        var line = await process.StandardOutput.ReadLineAsync(cancellationToken) ?? throw new InvalidOperationException("The emulator ended before it was ready.");
        return new EmulatorProcess(process, JsonNode.Parse(line)!);
    }

    /// <summary>A share of the calls of a method fails from now on with UNAVAILABLE.</summary>
    public async Task FailAsync(string method, double share, CancellationToken cancellationToken)
    {
        using var response = await Http.PostAsJsonAsync(new Uri("/emulator/v1/faults", UriKind.Relative), new { method, code = "UNAVAILABLE", share }, cancellationToken);
        response.EnsureSuccessStatusCode();
    }

    /// <summary>No call fails from now on.</summary>
    public async Task MendAsync(CancellationToken cancellationToken)
    {
        using var response = await Http.DeleteAsync(new Uri("/emulator/v1/faults", UriKind.Relative), cancellationToken);
        response.EnsureSuccessStatusCode();
    }

    /// <summary>Every call from now on takes at least this long.</summary>
    public async Task DelayAsync(TimeSpan delay, CancellationToken cancellationToken)
    {
        using var response = await Http.PostAsJsonAsync(
            new Uri("/emulator/v1/faults", UriKind.Relative), new { method = "*", code = "OK", delayMilliseconds = (int)delay.TotalMilliseconds }, cancellationToken);
        response.EnsureSuccessStatusCode();
    }

    public void Dispose()
    {
        Http.Dispose();
        process.Kill();
        process.WaitForExit();
        process.Dispose();
    }
}
