using System.Diagnostics;
using System.Globalization;
using BinAuthz.Attestations;
using BinAuthz.Images;
using BinAuthz.Setup;
using BinAuthz.Signing;
using Google.Protobuf;
using Grpc.Net.Client;
using Ca = Grafeas.V1;
using GrafeasApi = Grafeas.V1.Grafeas;
using Kms = Google.Cloud.Kms.V1;

namespace Benchmarks;

/// <summary>64 images in flight, each decision recorded and published, against the bare calls: get the version, sign, store, without policy, evidence or verification.</summary>
internal static class SigningThroughput
{
    private const int Count = 6000;
    private const int WarmUp = 1000;
    private const int InFlight = 64;

    public static async Task RunAsync(string label, string rules, CancellationToken cancellationToken)
    {
        await using var bench = await SigningBench.StartAsync(rules, cancellationToken);
        var images = await Images.MakeAsync(bench.Emulator.Http, (2 * Count) + (2 * WarmUp), cancellationToken);
        using var channel = GrpcChannel.ForAddress(bench.Emulator.Grpc, new GrpcChannelOptions { HttpHandler = new SocketsHttpHandler { EnableMultipleHttp2Connections = true } });
        var bare = new BareCalls(channel);
        await MeasureAsync(images.Take(WarmUp), bare.SignAsync, cancellationToken);
        await MeasureAsync(images.Skip(WarmUp).Take(WarmUp), SignAsync, cancellationToken);
        var bareRate = await MeasureAsync(images.Skip(2 * WarmUp).Take(Count), bare.SignAsync, cancellationToken);
        var (cpu, emulatorCpu) = (Environment.CpuUsage.TotalTime, bench.Emulator.Cpu);
        var rate = await MeasureAsync(images.Skip((2 * WarmUp) + Count), SignAsync, cancellationToken);
        var (used, emulatorUsed) = (Environment.CpuUsage.TotalTime - cpu, bench.Emulator.Cpu - emulatorCpu);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{label}: {InFlight} in flight: {rate:F0} images/s; bare calls {bareRate:F0}/s; ratio {rate / bareRate:F2}; processor time for an image: signer {used.TotalMicroseconds / Count:F0} µs, emulator {emulatorUsed.TotalMicroseconds / Count:F0} µs"));

        async ValueTask SignAsync(ImageReference image, CancellationToken token) =>
            SigningBench.Expect<SigningOutcome.Signed>((await bench.Signer.SignAsync(image, token))[0]);
    }

    private static async Task<double> MeasureAsync(IEnumerable<ImageReference> images, Func<ImageReference, CancellationToken, ValueTask> sign, CancellationToken cancellationToken)
    {
        var all = images.ToArray();
        var started = Stopwatch.GetTimestamp();
        await Parallel.ForEachAsync(all, new ParallelOptions { MaxDegreeOfParallelism = InFlight, CancellationToken = cancellationToken }, sign);
        return all.Length / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private sealed class BareCalls(GrpcChannel channel)
    {
        private readonly Kms.KeyManagementService.KeyManagementServiceClient kms = new(channel);
        private readonly GrafeasApi.GrafeasClient grafeas = new(channel);
        private readonly string version = DeploymentEnvironment.Production.Key(Images.Project, "us-central1").Version(1).ToString();
        private readonly string note = DeploymentEnvironment.Production.Note(Images.Project).ToString();

        public async ValueTask SignAsync(ImageReference image, CancellationToken cancellationToken)
        {
            await kms.GetCryptoKeyVersionAsync(new Kms.GetCryptoKeyVersionRequest { Name = version }, cancellationToken: cancellationToken);
            var payload = AttestationPayload.Create(image);
            var digest = ByteString.CopyFrom(System.Security.Cryptography.SHA256.HashData(payload));
            var signed = await kms.AsymmetricSignAsync(new Kms.AsymmetricSignRequest { Name = version, Digest = new Kms.Digest { Sha256 = digest } }, cancellationToken: cancellationToken);
            var occurrence = new Ca.Occurrence
            {
                ResourceUri = image.ResourceUri,
                NoteName = note,
                Attestation = new Ca.AttestationOccurrence
                {
                    SerializedPayload = ByteString.CopyFrom(payload),
                    Signatures = { new Ca.Signature { PublicKeyId = $"//cloudkms.googleapis.com/v1/{version}", Signature_ = signed.Signature } },
                },
            };
            await grafeas.CreateOccurrenceAsync(new Ca.CreateOccurrenceRequest { Parent = $"projects/{Images.Project}", Occurrence = occurrence }, cancellationToken: cancellationToken);
        }
    }
}
