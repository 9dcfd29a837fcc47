using Benchmarks;

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, press) =>
{
    press.Cancel = true;
    stop.Cancel();
};

switch (args)
{
    case ["latency"]:
        await SigningLatency.RunAsync("repositories and provenance", Images.Policy, stop.Token);
        await SigningLatency.RunAsync("scans, labels and user too, images never seen before", Images.ThoroughPolicy, stop.Token);
        return 0;
    case ["throughput"]:
        await SigningThroughput.RunAsync("repositories and provenance", Images.Policy, stop.Token);
        await SigningThroughput.RunAsync("scans, labels and user too", Images.ThoroughPolicy, stop.Token);
        return 0;
    case ["start", .. var folders] when folders.Length > 0:
        await ColdStarts.RunAsync(folders, stop.Token);
        await StartUp.RunAsync(folders, stop.Token);
        return 0;
    case ["flood", .. var folder] when folder.Length < 2:
        await DenialFlood.RunAsync(folder.FirstOrDefault(), stop.Token);
        return 0;
    case ["resign"]:
        await Resigning.RunAsync(12_000, stop.Token);
        return 0;
    case ["resign", var rate] when int.TryParse(rate, out var perMinute) && perMinute > 0:
        await Resigning.RunAsync(perMinute, stop.Token);
        return 0;
    case ["audit"]:
        await Auditing.RunAsync(Auditing.Many, stop.Token);
        return 0;
    case ["audit", var count] when int.TryParse(count, out var many) && many >= Auditing.Few:
        await Auditing.RunAsync(many, stop.Token);
        return 0;
    case ["audit-once", var endpoint]:
        await Auditing.AuditOnceAsync(new Uri(endpoint), stop.Token);
        return 0;
    default:
        Console.Error.WriteLine("""
            latency                one image, 20 ms for each remote call: p50, and the sequential round trips, counted
            throughput             64 images in flight, no delay, against the bare calls in the same run
            start FOLDER [FOLDER]  published functions: size, process start to the first answer of each; then to the first attestation stored, and memory
            flood [FOLDER]         10,000 denials of 500 Deployments through the alerting function, until all of it is summed up
            audit [COUNT]          10,000 and 1,000,000 attestations audited, against bare verification on all cores, and memory
            resign [PER_MINUTE]    10,000 images signed anew over the topic by the signing function while one call in twenty fails
            """);
        return 2;
}
