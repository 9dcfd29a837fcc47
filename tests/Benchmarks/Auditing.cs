using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using BinAuthz;
using BinAuthz.Attestations;
using BinAuthz.Auditing;
using BinAuthz.Auditing.Reports;
using BinAuthz.GoogleCloud;
using BinAuthz.Images;
using BinAuthz.Keys;
using BinAuthz.Setup;
using BinAuthz.Signing;
using Microsoft.Extensions.DependencyInjection;

namespace Benchmarks;

/// <summary>
/// 10,000 and then 1,000,000 attestations, audited by a process of its own against the emulator's pages, beside what the same process
/// reaches with bare ECDSA P-256 verifications on all cores. A thousand of the images are in the registry; the others are gone, as
/// most images of a note that old are.
/// </summary>
internal static class Auditing
{
    /// <summary>How many attestations there are in the end.</summary>
    public const int Many = 1_000_000;

    /// <summary>How many there are at first.</summary>
    public const int Few = 10_000;

    private const int Stored = 1000;
    private const int Batch = 1000;
    private const int InFlight = 4;
    private const int RawVerifications = 40_000;
    private const double SmallestShare = 0.6;
    private const double LargestGrowth = 1.2;
    private const double LargestMebibytes = 256;
    private const string KeyId = "//keys.example/benchmark";
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(20);

    private static AttestorName Attestor => DeploymentEnvironment.Production.Attestor(Images.Project);

    private static NoteName Note => DeploymentEnvironment.Production.Note(Images.Project);

    public static async Task RunAsync(int many, CancellationToken cancellationToken)
    {
        await using var bench = await SigningBench.StartAsync(Images.Policy, cancellationToken);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await bench.Get<BinaryAuthorizationClient>().AddKeyAsync(Attestor, new AttestorKey(KeyId, key.ExportSubjectPublicKeyInfoPem(), SignatureAlgorithm.Default, ""), cancellationToken);
        var stored = await Images.MakeAsync(bench.Emulator.Http, Stored, cancellationToken);
        await PlantAsync(bench, key, number => number < Stored ? stored[number] : Gone(number), 0, Few, cancellationToken);
        var few = await AuditAsync(bench, Few, cancellationToken);
        await PlantAsync(bench, key, Gone, Few, many, cancellationToken);
        var all = await AuditAsync(bench, many, cancellationToken);
        var growth = all.Mebibytes / few.Mebibytes;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"audit: {all.Share:P0} of the bare rate at {many}; memory at {many} is {growth:F2} of that at {Few}"));
        if (all.Share < SmallestShare || growth > LargestGrowth || all.Mebibytes > LargestMebibytes)
        {
            throw new InvalidOperationException($"Expected at least {SmallestShare:P0} of the bare rate, at most {LargestGrowth} times the memory and {LargestMebibytes} MiB.");
        }
    }

    /// <summary>
    /// Audits in this process until the runtime has settled, whatever the number, and prints as one line of JSON what the last audit
    /// took and the most memory that there was.
    /// </summary>
    public static async Task AuditOnceAsync(Uri endpoint, CancellationToken cancellationToken)
    {
        await using var services = new ServiceCollection().AddAuditing(new BinAuthzOptions { Endpoint = endpoint }, Images.Project).BuildServiceProvider();
        var subject = new SigningIdentity("production", Attestor, DeploymentEnvironment.Production.Key(Images.Project, "us-central1"));
        var request = new AuditRequest(Images.Project, DeploymentEnvironment.Production, [subject], TimeProvider.System.GetUtcNow())
        {
            Bucket = services.GetRequiredService<EvidenceBucket>().Name,
            AuditKey = KeyName.Parse($"projects/{Images.Project}/locations/us-central1/keyRings/production-binauthz/cryptoKeys/audit-key"),
        };
        var auditor = services.GetRequiredService<AttestationAuditor>();
        var (began, seconds, cpu) = (Stopwatch.GetTimestamp(), 0.0, TimeSpan.Zero);
        AuditReport report;
        do
        {
            var (started, cpuBefore) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
            report = await auditor.AuditAsync(request, null, cancellationToken);
            seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
            cpu = Environment.CpuUsage.TotalTime - cpuBefore;
        }
        while (Stopwatch.GetElapsedTime(began) < Settling);

        using var process = Process.GetCurrentProcess();
        var peak = process.PeakWorkingSet64;
        Console.WriteLine(new JsonObject
        {
            ["seconds"] = seconds,
            ["total"] = report.Attestors[0].Attestations ?? throw new InvalidOperationException(Reasons(report)),
            ["valid"] = report.Attestors[0].Valid,
            ["peak"] = peak,
            ["cpu"] = cpu.TotalSeconds,
            ["raw"] = RawRate(),
        }.ToJsonString());
    }

    private static string Reasons(AuditReport report) => string.Join(' ', report.Rules.Select(rule => rule.Reason).Distinct());

    private static async Task<(double Share, double Mebibytes)> AuditAsync(SigningBench bench, int count, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Benchmarks.dll"), "audit-once", bench.Emulator.Grpc.ToString()]) { RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        var line = await process.StandardOutput.ReadLineAsync(cancellationToken) ?? throw new InvalidOperationException("The audit ended without a result.");
        await process.WaitForExitAsync(cancellationToken);
        var result = JsonNode.Parse(line)!;
        var (total, valid) = ((long)result["total"]!, (long)result["valid"]!);
        if (total != count || valid != count)
        {
            throw new InvalidOperationException($"{count} attestations were planted, all of them valid; {total} were read, {valid} of them valid.");
        }

        var (rate, raw, mebibytes) = (count / (double)result["seconds"]!, (double)result["raw"]!, (double)result["peak"]! / (1 << 20));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{count} attestations: {rate:F0}/s; bare verification on all cores {raw:F0}/s; ratio {rate / raw:F2}; peak memory {mebibytes:F0} MiB; processor time for an attestation: audit {1e6 * (double)result["cpu"]! / count:F0} µs"));
        return (rate / raw, mebibytes);
    }

    private static double RawRate()
    {
        var payload = AttestationPayload.Create(Gone(1));
        using var signer = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var signature = signer.SignData(payload, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        var info = signer.ExportSubjectPublicKeyInfo();
        var started = Stopwatch.GetTimestamp();
        Parallel.For(0, Environment.ProcessorCount, _ =>
        {
            using var verifier = ECDsa.Create();
            verifier.ImportSubjectPublicKeyInfo(info, out var _);
            for (var round = 0; round < RawVerifications / Environment.ProcessorCount; round++)
            {
                if (!verifier.VerifyData(payload, signature, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence))
                {
                    throw new InvalidOperationException("The signature does not verify.");
                }
            }
        });
        return RawVerifications / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static ImageReference Gone(int number) => ImageReference.Parse($"{Images.Name}@sha256:{Convert.ToHexStringLower(SHA256.HashData(BitConverter.GetBytes(number)))}");

    private static async Task PlantAsync(SigningBench bench, ECDsa key, Func<int, ImageReference> image, int from, int to, CancellationToken cancellationToken)
    {
        var analysis = bench.Get<ContainerAnalysisClient>();
        await Parallel.ForEachAsync(Enumerable.Range(from, to - from).Chunk(Batch), new ParallelOptions { MaxDegreeOfParallelism = InFlight, CancellationToken = cancellationToken }, async (batch, token) =>
        {
            Attestation[] made = [.. batch.Select(number => Attest(key, image(number)))];
            _ = await analysis.CreateAttestationsAsync(Images.Project, made, token) ?? throw new InvalidOperationException("The emulator has attestations of these images.");
        });
    }

    private static Attestation Attest(ECDsa key, ImageReference image)
    {
        var payload = AttestationPayload.Create(image);
        var signature = key.SignData(payload, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        return new Attestation("", image.ResourceUri, Note, payload, [new AttestationSignature(KeyId, signature)], null);
    }
}
