using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace BinAuthz.Tests.FunctionsHost.OwnHost;

/// <summary>The sample functions as a process of their own, started as Cloud Run starts one.</summary>
internal sealed class FunctionProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly Channel<string> _output = Channel.CreateUnbounded<string>();
    private readonly Task _pump;

    private FunctionProcess(Process process, int port)
    {
        _process = process;
        Client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}"), Timeout = Patience };
        _pump = PumpAsync();
    }

    public HttpClient Client { get; }

    public string WorkingDirectory => _process.StartInfo.WorkingDirectory;

    /// <summary>Starts a function on a free port and waits until it listens.</summary>
    public static async Task<FunctionProcess> StartAsync(string target, params (string Name, string? Value)[] environment)
    {
        int port = FreePort();
        var function = new FunctionProcess(
            Launch([], [("FUNCTION_TARGET", target), ("PORT", port.ToString(CultureInfo.InvariantCulture)), .. environment]), port);
        while (!await function.AnswersAsync())
        {
            Assert.False(function._process.HasExited, "The function ended before it listened.");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, TestContext.Current.CancellationToken);
        }

        return function;
    }

    /// <summary>Runs a process that should end by itself.</summary>
    public static async Task<(int ExitCode, string Error)> RunAsync(string[] args, params (string Name, string? Value)[] environment)
    {
        using var process = Launch(args, environment);
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        timeout.CancelAfter(Patience);
        try
        {
            string error = await process.StandardError.ReadToEndAsync(timeout.Token);
            await process.WaitForExitAsync(timeout.Token);
            return (process.ExitCode, error);
        }
        finally
        {
            process.Kill();
            Directory.Delete(process.StartInfo.WorkingDirectory, recursive: true);
        }
    }

    /// <summary>Waits for a line of standard output.</summary>
    public async Task<string> LineAsync(Func<string, bool> wanted)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        timeout.CancelAfter(Patience);
        while (true)
        {
            string line = await _output.Reader.ReadAsync(timeout.Token);
            if (wanted(line))
            {
                return line;
            }
        }
    }

    /// <summary>Sends SIGTERM.</summary>
    public async Task TerminateAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    public async Task<int> ExitCodeAsync()
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Patience, TimeProvider.System);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        _process.Kill();
        await _process.WaitForExitAsync(CancellationToken.None);
        await _pump;
        Directory.Delete(WorkingDirectory, recursive: true);
        _process.Dispose();
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static Process Launch(string[] args, (string Name, string? Value)[] environment)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            WorkingDirectory = Directory.CreateTempSubdirectory("function-").FullName,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "SampleFunctions.dll"));
        foreach (string argument in args)
        {
            start.ArgumentList.Add(argument);
        }

        foreach (string inherited in (string[])["FUNCTION_TARGET", "PORT", "K_SERVICE", "GOOGLE_CLOUD_PROJECT", "DOTNET_RUNNING_IN_CONTAINER"])
        {
            start.Environment.Remove(inherited);
        }

        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start) ?? throw new InvalidOperationException("The process did not start.");
    }

    private async Task PumpAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            _output.Writer.TryWrite(line);
        }

        _output.Writer.Complete();
    }

    private async Task<bool> AnswersAsync()
    {
        try
        {
            using var response = await Client.GetAsync("/robots.txt", TestContext.Current.CancellationToken);
            return response.StatusCode == HttpStatusCode.NotFound;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
