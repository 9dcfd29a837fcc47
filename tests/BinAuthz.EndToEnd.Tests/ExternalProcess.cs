using System.Diagnostics;
using System.Text;

namespace BinAuthz.EndToEnd.Tests;

/// <summary>A program run to its end, with exactly the environment that it is given.</summary>
internal sealed class ExternalProcess
{
    public required string Program { get; init; }

    public required IReadOnlyList<string> Arguments { get; init; }

    public string WorkingDirectory { get; init; } = Path.GetTempPath();

    /// <summary>Variables besides PATH; nothing else of the test's own environment is passed on.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    public string Input { get; init; } = "";

    /// <summary>How long it may run.</summary>
    public TimeSpan Limit { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Runs it; a run of more than <see cref="Limit"/> is killed with its children.</summary>
    /// <exception cref="TimeoutException">It took too long.</exception>
    public async Task<Ended> RunAsync(CancellationToken cancellationToken)
    {
        using var process = Process.Start(StartInfo()) ?? throw new InvalidOperationException($"{Program} did not start.");
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var error = process.StandardError.ReadToEndAsync(limit.Token);
            await process.StandardInput.WriteAsync(Input.AsMemory(), limit.Token);
            process.StandardInput.Close();
            var ended = (Output: await output, Error: await error);
            await process.WaitForExitAsync(limit.Token);
            return new Ended(process.ExitCode, ended.Output, ended.Error);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            cancellationToken.ThrowIfCancellationRequested();
            throw new TimeoutException($"{Program} {string.Join(' ', Arguments)} had not ended after {Limit}.");
        }
    }

    private ProcessStartInfo StartInfo()
    {
        var info = new ProcessStartInfo(Program, Arguments)
        {
            WorkingDirectory = WorkingDirectory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        info.Environment.Clear();
        info.Environment["PATH"] = System.Environment.GetEnvironmentVariable("PATH");
        foreach (var (name, value) in Environment)
        {
            info.Environment[name] = value;
        }

        return info;
    }

    /// <summary>How it ended.</summary>
    internal sealed record Ended(int ExitCode, string Output, string Error)
    {
        public override string ToString() => $"exit code {ExitCode}\n--- stdout\n{Output}\n--- stderr\n{Error}";
    }
}
