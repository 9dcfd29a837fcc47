using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace BinAuthz.EndToEnd.Tests.Cli;

/// <summary>The tool in a process of its own, as a shell runs it.</summary>
internal sealed class CliProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private readonly Process process;
    private readonly StringBuilder output = new();
    private readonly StringBuilder error = new();
    private readonly TaskCompletionSource<string> firstLine = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private CliProcess(IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "BinAuthz.Cli.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Remove("BINAUTHZ_ENDPOINT");
        process = new Process { StartInfo = start, EnableRaisingEvents = true };
        process.OutputDataReceived += (_, line) => Keep(output, line.Data, data => firstLine.TrySetResult(data));
        process.ErrorDataReceived += (_, line) => Keep(error, line.Data, _ => { });
        process.Exited += (_, _) => firstLine.TrySetException(new InvalidOperationException("The process ended without a line on stdout."));
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public string Output => Text(output);

    public string Error => Text(error);

    public static CliProcess Start(params IEnumerable<string> arguments) => new(arguments);

    /// <summary>Starts `emulator up` and waits for its line.</summary>
    public static async Task<(CliProcess Process, JsonNode Ready)> UpAsync(params IEnumerable<string> arguments)
    {
        var process = Start(["emulator", "up", "--rest-port", "0", "--grpc-port", "0", .. arguments]);
        try
        {
            return (process, JsonNode.Parse(await process.firstLine.Task.WaitAsync(Patience, TimeProvider.System))!);
        }
        catch (Exception failure)
        {
            await process.DisposeAsync();
            throw new InvalidOperationException($"It was not ready: {failure.Message}\n{process.Error}", failure);
        }
    }

    public async Task<int> WaitAsync()
    {
        await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Patience, TimeProvider.System);
        return process.ExitCode;
    }

    /// <summary>Sends a signal, such as TERM.</summary>
    public async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            process.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
        }

        process.Dispose();
    }

    private static void Keep(StringBuilder text, string? line, Action<string> tell)
    {
        if (line is not null)
        {
            lock (text)
            {
                text.Append(line).Append('\n');
            }

            tell(line);
        }
    }

    private static string Text(StringBuilder text)
    {
        lock (text)
        {
            return text.ToString();
        }
    }
}
