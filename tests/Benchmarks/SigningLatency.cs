using System.Diagnostics;
using System.Globalization;
using BinAuthz.Signing;

namespace Benchmarks;

/// <summary>One image at a time while every remote call takes 20 ms: what matters where the cloud is far away.</summary>
internal static class SigningLatency
{
    private const int Count = 50;
    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(20);

    public static async Task RunAsync(string label, string rules, CancellationToken cancellationToken)
    {
        await using var bench = await SigningBench.StartAsync(rules, cancellationToken);
        var images = await Images.MakeAsync(bench.Emulator.Http, Count + 1, cancellationToken);
        SigningBench.Expect<SigningOutcome.Signed>((await bench.Signer.SignAsync(images[0], cancellationToken))[0]);
        await bench.Emulator.DelayAsync(Delay, cancellationToken);
        using var trips = new RoundTrips(bench.Emulator.Grpc);
        var times = new List<double>();
        var chains = new List<int>();
        foreach (var image in images.Skip(1))
        {
            trips.Clear();
            var started = Stopwatch.GetTimestamp();
            SigningBench.Expect<SigningOutcome.Signed>((await bench.Signer.SignAsync(image, cancellationToken))[0]);
            times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            chains.Add(trips.SequentialUntil("CreateOccurrence"));
        }

        times.Sort();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{label}: one image, {Delay.TotalMilliseconds} ms a call: p50 {times[Count / 2]:F1} ms = {times[Count / 2] / Delay.TotalMilliseconds:F2} calls' time, p95 {times[Count * 95 / 100]:F1} ms; sequential round trips to the attestation {chains.Min()} to {chains.Max()}, calls in the last image {trips.Total}"));
    }
}
