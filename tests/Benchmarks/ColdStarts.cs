using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using BinAuthz.Cli.Emulation;

namespace Benchmarks;

/// <summary>Published folders as they are deployed: how large, and how long each function takes from the start of its process, with PORT and FUNCTION_TARGET alone, to its first answer.</summary>
internal static class ColdStarts
{
    private const int Runs = 5;

    // What is published beside the program and read by nobody who runs it.
    private static readonly string[] Unneeded = [".dbg", ".pdb", ".xml"];

    private static readonly (string Target, string Body)[] Functions =
    [
        ("SignImageFunction", Message("""{"action":"DELETE","tag":"us-central1-docker.pkg.dev/acme-prod/app/server:gone"}""")),
        ("AlertOnDenialFunction", Message("""{"sweep":true}""")),
        ("RotateKeyFunction", "{}"),
        ("AuditAttestationsFunction", "{}"),
    ];

    /// <summary>Prints a row for each folder.</summary>
    /// <exception cref="HttpRequestException">A function answered that it failed.</exception>
    public static async Task RunAsync(IReadOnlyList<string> folders, CancellationToken cancellationToken)
    {
        await using var bench = await SigningBench.StartAsync(Images.Policy, cancellationToken);
        Console.WriteLine($"| folder | MiB | MiB with symbols and documentation | {string.Join(" | ", Functions.Select(function => $"{function.Target}, ms"))} |");
        Console.WriteLine($"|---|---|---|{string.Concat(Functions.Select(_ => "---|"))}");
        foreach (var folder in folders)
        {
            var files = new DirectoryInfo(folder).GetFiles();
            using var scratch = new ConfiguredCopy(files.Where(file => !Unneeded.Contains(file.Extension)), bench.Emulator.Grpc);
            var medians = new List<string>();
            foreach (var (target, body) in Functions)
            {
                medians.Add(await MedianAsync(scratch.Path, target, body, cancellationToken));
            }

            Console.WriteLine($"| {folder} | {Mebibytes(files.Where(file => !Unneeded.Contains(file.Extension)))} | {Mebibytes(files)} | {string.Join(" | ", medians)} |");
        }
    }

    private static async Task<string> MedianAsync(string folder, string target, string body, CancellationToken cancellationToken)
    {
        var times = new List<double>();
        for (var run = 0; run < Runs; run++)
        {
            times.Add(await OneAsync(folder, target, body, cancellationToken));
        }

        times.Sort();
        return string.Create(CultureInfo.InvariantCulture, $"{times[Runs / 2]:F0} ({times[0]:F0} to {times[^1]:F0})");
    }

    private static async Task<double> OneAsync(string folder, string target, string body, CancellationToken cancellationToken)
    {
        var port = FunctionProcess.FreePort();
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        var start = new ProcessStartInfo(Path.Combine(folder, "BinAuthz.Functions")) { WorkingDirectory = folder, RedirectStandardOutput = true };
        start.Environment.Clear();
        start.Environment["PORT"] = port.ToString(CultureInfo.InvariantCulture);
        start.Environment["FUNCTION_TARGET"] = target;
        var started = Stopwatch.GetTimestamp();
        using var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        try
        {
            while (true)
            {
                try
                {
                    using var content = new StringContent(body, new MediaTypeHeaderValue("application/json"));
                    using var response = await http.PostAsync(new Uri("/", UriKind.Relative), content, cancellationToken);
                    response.EnsureSuccessStatusCode();
                    return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
                }
                catch (HttpRequestException error) when (error.InnerException is SocketException && !process.HasExited)
                {
                    await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, cancellationToken);
                }
            }
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
        }
    }

    private static string Message(string data) =>
        $$$"""{"message":{"data":"{{{Convert.ToBase64String(Encoding.UTF8.GetBytes(data))}}}","messageId":"1"},"subscription":"projects/acme-prod/subscriptions/start"}""";

    private static string Mebibytes(IEnumerable<FileInfo> files) => string.Create(CultureInfo.InvariantCulture, $"{files.Sum(file => file.Length) / (1024.0 * 1024):F1}");

    private sealed class ConfiguredCopy : IDisposable
    {
        private readonly DirectoryInfo copy = Directory.CreateTempSubdirectory("binauthz-start-");

        public ConfiguredCopy(IEnumerable<FileInfo> files, Uri endpoint)
        {
            foreach (var file in files)
            {
                file.CopyTo(System.IO.Path.Combine(Path, file.Name));
            }

            File.WriteAllText(System.IO.Path.Combine(Path, "approval.yaml"), Images.Policy);
            File.WriteAllText(System.IO.Path.Combine(Path, "alerts.yaml"), $"project: {Images.Project}\nenvironments:\n  production: {{projects: [{Images.Project}]}}\n");
            File.WriteAllText(System.IO.Path.Combine(Path, "appsettings.json"), $$$"""{"BinAuthz":{"Endpoint":"{{{endpoint}}}"}}""");
        }

        public string Path => copy.FullName;

        public void Dispose() => copy.Delete(recursive: true);
    }
}
