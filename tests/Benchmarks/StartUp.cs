using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using BinAuthz.Cli.Emulation;
using BinAuthz.Images;

namespace Benchmarks;

/// <summary>From the start of the process to the first attestation stored, for each published folder in turn, over and over.</summary>
internal static class StartUp
{
    private const int Runs = 7;
    private const int Further = 300;

    public static async Task RunAsync(IReadOnlyList<string> folders, CancellationToken cancellationToken)
    {
        await using var bench = await SigningBench.StartAsync(Images.Policy, cancellationToken);
        var images = new Queue<ImageReference>(await Images.MakeAsync(bench.Emulator.Http, Runs * folders.Count * (Further + 1), cancellationToken));
        var results = folders.ToDictionary(folder => folder, _ => new List<Start>());
        for (var run = 0; run < Runs; run++)
        {
            foreach (var folder in folders)
            {
                results[folder].Add(await OneAsync(folder, bench, [.. Enumerable.Range(0, Further + 1).Select(_ => images.Dequeue())], cancellationToken));
            }
        }

        var first = Median(results[folders[0]], start => start.FirstMilliseconds);
        foreach (var folder in folders)
        {
            var starts = results[folder];
            var median = Median(starts, start => start.FirstMilliseconds);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{folder}: first attestation after {median:F0} ms ({starts.Min(start => start.FirstMilliseconds):F0} to {starts.Max(start => start.FirstMilliseconds):F0}), {median / first:F2} of the first folder's; memory {Median(starts, start => start.FirstMebibytes):F0} MiB, after {Further} more {Median(starts, start => start.LastMebibytes):F0} MiB"));
        }
    }

    private static async Task<Start> OneAsync(string folder, SigningBench bench, IReadOnlyList<ImageReference> images, CancellationToken cancellationToken)
    {
        var port = FunctionProcess.FreePort();
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        var policy = Path.GetTempFileName();
        await File.WriteAllTextAsync(policy, Images.Policy, cancellationToken);
        var program = Path.Combine(folder, "BinAuthz.Functions");
        var start = new ProcessStartInfo(program) { WorkingDirectory = folder, RedirectStandardOutput = true };
        start.Environment["PORT"] = port.ToString(CultureInfo.InvariantCulture);
        start.Environment["FUNCTION_TARGET"] = "SignImageFunction";
        start.Environment["BinAuthz__Endpoint"] = bench.Emulator.Grpc.ToString();
        start.Environment["BinAuthz__Approval"] = policy;
        var started = Stopwatch.GetTimestamp();
        using var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        try
        {
            await PostAsync(http, images[0], cancellationToken);
            var first = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
            var memory = Mebibytes(process);
            foreach (var image in images.Skip(1))
            {
                await PostAsync(http, image, cancellationToken);
            }

            return new Start(first, memory, Mebibytes(process));
        }
        finally
        {
            process.Kill();
            File.Delete(policy);
        }
    }

    private static async Task PostAsync(HttpClient http, ImageReference image, CancellationToken cancellationToken)
    {
        var data = Convert.ToBase64String(Encoding.UTF8.GetBytes($$"""{"action":"INSERT","digest":"{{image}}"}"""));
        var body = $$$"""{"message":{"data":"{{{data}}}","messageId":"1"},"subscription":"projects/acme-prod/subscriptions/gcr"}""";
        while (true)
        {
            try
            {
                using var content = new StringContent(body, new System.Net.Http.Headers.MediaTypeHeaderValue("application/json"));
                using var response = await http.PostAsync(new Uri("/", UriKind.Relative), content, cancellationToken);
                response.EnsureSuccessStatusCode();
                return;
            }
            catch (HttpRequestException error) when (error.InnerException is SocketException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, cancellationToken);
            }
        }
    }

    private static double Mebibytes(Process process)
    {
        process.Refresh();
        return process.WorkingSet64 / (1024.0 * 1024);
    }

    private static double Median(List<Start> starts, Func<Start, double> value) => starts.Select(value).Order().ElementAt(starts.Count / 2);

    private sealed record Start(double FirstMilliseconds, double FirstMebibytes, double LastMebibytes);
}
