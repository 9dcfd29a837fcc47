using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using BinAuthz;
using BinAuthz.Attestations;
using BinAuthz.Cli.Emulation;
using BinAuthz.GoogleCloud;
using BinAuthz.Images;
using BinAuthz.Keys;
using BinAuthz.Rotation;
using BinAuthz.Setup;
using BinAuthz.Signing;
using Grpc.Net.Client;
using Kms = Google.Cloud.Kms.V1;
using PubSub = Google.Cloud.PubSub.V1;

namespace Benchmarks;

/// <summary>
/// 10,000 images that version 1 has attested, asked for over the real topic at a rate, pushed to the signing function in a
/// process of its own, while one call in twenty fails: none is missing, none is signed twice, and it takes as long as the
/// rate says. It ends with an error if not.
/// </summary>
internal static class Resigning
{
    private const int Count = 10_000;
    private const int Batch = 50;
    private const int InFlight = 32;
    private const double Faults = 0.05;
    private const double Tolerance = 0.1;
    private const string Environment = "production";
    private const string Subscription = $"projects/{Images.Project}/subscriptions/resigned";
    private static readonly string[] Failing = ["AsymmetricSign", "BatchCreateOccurrences", "ListNoteOccurrences", "objects.insert"];
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    public static async Task RunAsync(int perMinute, CancellationToken cancellationToken)
    {
        await using var bench = await SigningBench.StartAsync(Images.Policy, cancellationToken);
        using var channel = GrpcChannel.ForAddress(bench.Emulator.Grpc);
        ImageReference[] images = [.. Enumerable.Range(0, Count).Select(number => ImageReference.Parse($"{Images.Name}@sha256:{Convert.ToHexStringLower(SHA256.HashData(BitConverter.GetBytes(number)))}"))];
        await AttestAsync(bench, images, cancellationToken);
        var version = await RotateAsync(bench, channel, cancellationToken);
        await SubscribeAsync(channel, cancellationToken);
        var settings = new Dictionary<string, string> { ["BinAuthz__Approval"] = bench.Policy, ["BinAuthz__Endpoint"] = bench.Emulator.Grpc.ToString() };
        await using var function = await FunctionProcess.StartAsync("BinAuthz.Functions.SignImageFunction", settings, _ => { }, cancellationToken);
        await new EventRoutes(channel, Images.Project, "us-central1", Environment).RouteAsync(function.Address, cancellationToken);
        foreach (var method in Failing)
        {
            await bench.Emulator.FailAsync(method, Faults, cancellationToken);
        }

        var started = Stopwatch.GetTimestamp();
        var publishing = PublishAsync(bench, version, images, perMinute, cancellationToken);
        var told = await AwaitDecisionsAsync(channel, images.Length, cancellationToken);
        var elapsed = Stopwatch.GetElapsedTime(started);
        await publishing;
        await bench.Emulator.MendAsync(cancellationToken);
        Report(await CountAsync(bench, version, images, cancellationToken), told, elapsed, TimeSpan.FromMinutes((double)Count / perMinute));
    }

    private static void Report((int Missing, int Twice) found, IReadOnlyCollection<string> told, TimeSpan elapsed, TimeSpan planned)
    {
        var ratio = elapsed / planned;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"resign: {Count} images in {elapsed.TotalSeconds:F1} s, {ratio:F3} of the {planned.TotalSeconds:F1} s that the rate allows; {Faults:P0} of {string.Join(", ", Failing)} failed; told {told.Count}, missing {found.Missing}, twice {found.Twice}"));
        if (found.Missing > 0 || found.Twice > 0 || told.Count != Count || Math.Abs(ratio - 1) > Tolerance)
        {
            throw new InvalidOperationException($"Something is missing, was signed twice, or did not keep within {Tolerance:P0} of the rate.");
        }
    }

    // What version 1 signed long ago.
    private static async Task AttestAsync(SigningBench bench, ImageReference[] images, CancellationToken cancellationToken)
    {
        var (kms, analysis) = (bench.Get<KeyManagementClient>(), bench.Get<ContainerAnalysisClient>());
        var (version, note) = (DeploymentEnvironment.Production.Key(Images.Project, "us-central1").Version(1), DeploymentEnvironment.Production.Note(Images.Project));
        var made = new Attestation[images.Length];
        await Parallel.ForAsync(0, images.Length, new ParallelOptions { MaxDegreeOfParallelism = InFlight, CancellationToken = cancellationToken }, async (index, token) =>
        {
            var payload = AttestationPayload.Create(images[index]);
            var signature = await kms.SignAsync(version, SignatureAlgorithm.Default, payload, token);
            made[index] = new Attestation("", images[index].ResourceUri, note, payload, [new AttestationSignature(version.PublicKeyId, signature)], null);
        });
        foreach (var batch in made.Chunk(ContainerAnalysisClient.LargestBatch))
        {
            _ = await analysis.CreateAttestationsAsync(Images.Project, batch, cancellationToken) ?? throw new InvalidOperationException("The emulator has attestations of these images.");
        }
    }

    private static async Task<KeyVersionName> RotateAsync(SigningBench bench, GrpcChannel channel, CancellationToken cancellationToken)
    {
        var key = DeploymentEnvironment.Production.Key(Images.Project, "us-central1");
        var made = await new Kms.KeyManagementService.KeyManagementServiceClient(channel).CreateCryptoKeyVersionAsync(
            new Kms.CreateCryptoKeyVersionRequest { Parent = key.ToString(), CryptoKeyVersion = new Kms.CryptoKeyVersion() }, cancellationToken: cancellationToken);
        var version = KeyVersionName.Parse(made.Name);
        var (pem, algorithm) = await bench.Get<KeyManagementClient>().GetPublicKeyAsync(version, cancellationToken);
        var trusted = new AttestorKey(version.PublicKeyId, pem, algorithm, TrustedSince.Comment(TimeProvider.System.GetUtcNow() - TimeSpan.FromDays(1)));
        await bench.Get<BinaryAuthorizationClient>().AddKeyAsync(DeploymentEnvironment.Production.Attestor(Images.Project), trusted, cancellationToken);
        return version;
    }

    private static async Task SubscribeAsync(GrpcChannel channel, CancellationToken cancellationToken) => await new PubSub.Subscriber.SubscriberClient(channel).CreateSubscriptionAsync(
        new PubSub.Subscription { Name = Subscription, Topic = DecisionsTopic.Default(Images.Project, Environment).Name, AckDeadlineSeconds = 600 }, cancellationToken: cancellationToken);

    private static Task<int> PublishAsync(SigningBench bench, KeyVersionName version, ImageReference[] images, int perMinute, CancellationToken cancellationToken)
    {
        var options = new BinAuthzOptions { Rotation = new RotationOptions { ImagesPerMinute = perMinute, BatchSize = Batch } };
        var subject = new SigningIdentity(Environment, DeploymentEnvironment.Production.Attestor(Images.Project), version.Key);
        return new ResignPublisher(new PacedPublisher(bench.Get<PublisherClient>(), options, TimeProvider.System))
            .PublishAsync(subject, new RotationStep.Resign(version, images, []), DateTimeOffset.MaxValue, cancellationToken);
    }

    private static async Task<IReadOnlyCollection<string>> AwaitDecisionsAsync(GrpcChannel channel, int expected, CancellationToken cancellationToken)
    {
        var subscriber = new PubSub.Subscriber.SubscriberClient(channel);
        var resigned = new HashSet<string>();
        var started = Stopwatch.GetTimestamp();
        while (resigned.Count < expected && Stopwatch.GetElapsedTime(started) < Patience)
        {
            var pulled = await subscriber.PullAsync(new PubSub.PullRequest { Subscription = Subscription, MaxMessages = 1000 }, cancellationToken: cancellationToken);
            resigned.UnionWith(pulled.ReceivedMessages
                .Where(received => received.Message.Attributes["outcome"] is "resigned" or "already_signed")
                .Select(received => (string)JsonNode.Parse(received.Message.Data.Span)!["digest"]!));
            if (pulled.ReceivedMessages.Count == 0)
            {
                continue;
            }

            await subscriber.AcknowledgeAsync(new PubSub.AcknowledgeRequest { Subscription = Subscription, AckIds = { pulled.ReceivedMessages.Select(received => received.AckId) } }, cancellationToken: cancellationToken);
        }

        return resigned;
    }

    private static async Task<(int Missing, int Twice)> CountAsync(SigningBench bench, KeyVersionName version, ImageReference[] images, CancellationToken cancellationToken)
    {
        var attestor = await bench.Get<BinaryAuthorizationClient>().FindAttestorAsync(DeploymentEnvironment.Production.Attestor(Images.Project), cancellationToken) ?? throw new InvalidOperationException("The attestor is gone.");
        var verifier = new AttestationVerifier(attestor with { Keys = [.. attestor.Keys.Where(key => key.Id == version.PublicKeyId)] });
        var (missing, twice) = (0, 0);
        foreach (var batch in images.Chunk(Batch))
        {
            var attestations = await bench.Get<ContainerAnalysisClient>().ListAttestationsAsync(attestor.Note, [.. batch.Select(image => image.Digest)], cancellationToken);
            foreach (var image in batch)
            {
                var valid = attestations.Count(attestation => verifier.Verify(attestation, image.Digest) is AttestationVerdict.Valid);
                missing += valid == 0 ? 1 : 0;
                twice += valid > 1 ? 1 : 0;
            }
        }

        return (missing, twice);
    }
}
