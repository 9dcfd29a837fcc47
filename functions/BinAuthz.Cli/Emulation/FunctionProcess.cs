using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace BinAuthz.Cli.Emulation;

/// <summary>
/// A function in a process of its own, through its real host, told by environment variables alone, as Cloud Run does.
/// It ends with this process, however this process ends.
/// </summary>
internal sealed class FunctionProcess : IAsyncDisposable
{
    // Keeps stdin as a lifeline: when the parent closes it, or is gone, the function gets the SIGTERM that Cloud Run sends.
    private const string Supervisor = """
        trap '' INT
        exec 3<&0
        "$@" </dev/null 3<&- &
        child=$!
        ( cat <&3 >/dev/null; kill -TERM "$child" ) >/dev/null 2>&1 &
        exec 3<&-
        wait "$child"
        """;

    private const int KeptLines = 20;
    private static readonly TimeSpan TimeToStart = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan TimeToStop = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);

    private readonly ConcurrentQueue<string> lastLines = new();
    private readonly Process process;
    private readonly Action<string> log;

    private FunctionProcess(ProcessStartInfo start, Uri address, Action<string> log)
    {
        this.log = log;
        Address = address;
        process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>Where the function takes events.</summary>
    public Uri Address { get; }

    /// <summary>Ends when the process has ended.</summary>
    public Task Ended => process.WaitForExitAsync(CancellationToken.None);

    /// <summary>Starts a function and waits until its port answers.</summary>
    /// <param name="target">The class, such as <c>BinAuthz.Functions.SignImageFunction</c>.</param>
    /// <param name="settings">Environment variables.</param>
    /// <param name="log">Told of every line that it prints.</param>
    /// <param name="cancellationToken">Gives up the start.</param>
    /// <exception cref="CommandException">It ended, or did not answer in time.</exception>
    public static async Task<FunctionProcess> StartAsync(string target, IReadOnlyDictionary<string, string> settings, Action<string> log, CancellationToken cancellationToken)
    {
        var port = FreePort();
        var start = StartInfo(Path.Combine(AppContext.BaseDirectory, "BinAuthz.Functions.dll"));
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        start.Environment["FUNCTION_TARGET"] = target;
        start.Environment["PORT"] = port.ToString(CultureInfo.InvariantCulture);
        var function = new FunctionProcess(start, new Uri($"http://127.0.0.1:{port}"), log);
        try
        {
            await function.WaitUntilItAnswersAsync(port, cancellationToken).ConfigureAwait(false);
            return function;
        }
        catch
        {
            await function.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>What happened, when it ended without being told to.</summary>
    public CommandException Failure() => CommandException.Infrastructure(
        $"The function at {Address} ended with exit code {process.ExitCode}. Its last lines:\n{string.Join('\n', lastLines)}");

    /// <summary>Stops it: what is in flight is finished first.</summary>
    public async ValueTask DisposeAsync()
    {
        process.StandardInput.Close();
        try
        {
            using var patience = new CancellationTokenSource(TimeToStop, TimeProvider.System);
            await process.WaitForExitAsync(patience.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
        }

        process.Dispose();
    }

    private void Keep(string? line)
    {
        if (line is null)
        {
            return;
        }

        lastLines.Enqueue(line);
        while (lastLines.Count > KeptLines)
        {
            lastLines.TryDequeue(out _);
        }

        log(line);
    }

    private async Task WaitUntilItAnswersAsync(int port, CancellationToken cancellationToken)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!await AnswersAsync(port, cancellationToken).ConfigureAwait(false))
        {
            if (process.HasExited)
            {
                await process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
                throw Failure();
            }

            if (TimeProvider.System.GetElapsedTime(started) > TimeToStart)
            {
                throw CommandException.Infrastructure($"The function did not open port {port} within {TimeToStart.TotalSeconds} s. Its last lines:\n{string.Join('\n', lastLines)}");
            }

            await Task.Delay(PollInterval, TimeProvider.System, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task<bool> AnswersAsync(int port, CancellationToken cancellationToken)
    {
        using var probe = new TcpClient();
        try
        {
            await probe.ConnectAsync(IPAddress.Loopback, port, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static ProcessStartInfo StartInfo(string assembly)
    {
        if (!File.Exists(assembly))
        {
            throw CommandException.Infrastructure($"{assembly} is missing, so the function cannot be hosted. Build or install binauthz again, or start with --bare.");
        }

        string[] command = [DotNet(), assembly];
        var start = OperatingSystem.IsWindows() ? new ProcessStartInfo(command[0], command[1..]) : new ProcessStartInfo("/bin/sh", ["-c", Supervisor, "sh", .. command]);
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        start.UseShellExecute = false;
        return start;
    }

    // The tool itself may run through its own executable, so the host is found beside the runtime that runs it.
    private static string DotNet()
    {
        var name = OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";
        var beside = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", name));
        return File.Exists(beside) ? beside : name;
    }

    /// <summary>A port of this machine that nobody listened to a moment ago.</summary>
    internal static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
