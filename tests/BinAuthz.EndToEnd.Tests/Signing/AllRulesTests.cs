using System.Net.Http.Headers;
using System.Text;
using Benchmarks;
using BinAuthz.Cli.Emulation;
using BinAuthz.Cli.Oci;
using BinAuthz.Functions;
using BinAuthz.Functions.Events;
using BinAuthz.Images;
using CloudNative.CloudEvents;
using Microsoft.Extensions.DependencyInjection;

namespace BinAuthz.EndToEnd.Tests.Signing;

/// <summary>Every rule at once, and how many calls one after the other lead from an event to the attestation.</summary>
public sealed class AllRulesTests
{
    private const string Ci = "ci@acme-prod.iam.gserviceaccount.com";

    private const string Policy = $$"""
        environment: production
        attestor: projects/acme-prod/attestors/production-attestor
        deadline: 24h
        rules:
          repositories: [us-central1-docker.pkg.dev/acme-prod/app/**]
          provenance:
            builders: [https://cloudbuild.googleapis.com/GoogleHostedWorker]
            sources: [https://github.com/acme/app]
            refs: [refs/heads/main]
            keys:
              - kms: projects/verified-builder/locations/global/keyRings/attestor/cryptoKeys/google-hosted-worker/cryptoKeyVersions/1
          vulnerabilities:
            maximumFixable: LOW
            maximumUnfixable: LOW
            maxAge: 30d
          requiredAttestations: [projects/acme-staging/attestors/staging-attestor]
          pushedBy: [{{Ci}}]
          maxImageAge: 30d
          labels: {team: payments}
          notRoot: true
          any:
            - pushedBy: [{{Ci}}]
            - requiredAttestations: [projects/acme-staging/attestors/staging-attestor]
        """;

    [Fact]
    public async Task HandleAsync_LastEvidenceArrives_AttestsAfterThreeRoundTrips()
    {
        await using var world = await StartAsync();
        await using var staging = await StagingWorld.StartAsync(world);
        var function = Function(world);
        await AttestAnotherAsync(world, staging, function);
        var image = await PushAsync(world, staging);
        var discovery = await ScanAsync(world, image, "SCANNING");
        await HandleAsync(function, Push(image));
        Assert.Empty(await world.AttestationsAsync(image.Digest));
        await ScanAsync(world, image, "FINISHED_SUCCESS");

        var chain = await CountAsync(world, () => HandleAsync(function, $$"""{"name":"{{discovery}}","kind":"DISCOVERY"}"""));

        Assert.Single(await world.AttestationsAsync(image.Digest));
        Assert.Equal(3, chain);
    }

    [Fact]
    public async Task HandleAsync_PushAgainAfterTheEvidence_AttestsAfterThreeRoundTrips()
    {
        await using var world = await StartAsync();
        await using var staging = await StagingWorld.StartAsync(world);
        var function = Function(world);
        await AttestAnotherAsync(world, staging, function);
        var image = await PushAsync(world, staging);
        await HandleAsync(function, Push(image));
        await ScanAsync(world, image, "FINISHED_SUCCESS");

        Assert.Equal(3, await CountAsync(world, () => HandleAsync(function, Push(image))));
        Assert.Single(await world.AttestationsAsync(image.Digest));
    }

    [Fact]
    public async Task HandleAsync_ImageNeverSeenBefore_ReadsItsConfigurationInOneMore()
    {
        await using var world = await StartAsync();
        await using var staging = await StagingWorld.StartAsync(world);
        var function = Function(world);
        await AttestAnotherAsync(world, staging, function);
        var image = await PushAsync(world, staging);
        await ScanAsync(world, image, "FINISHED_SUCCESS");

        Assert.Equal(4, await CountAsync(world, () => HandleAsync(function, Push(image))));
        Assert.Single(await world.AttestationsAsync(image.Digest));
    }

    private static Task<SigningWorld> StartAsync() => SigningWorld.StartAsync(policy: Policy, trustLifetime: TimeSpan.FromMinutes(10));

    // Keys, attestors and connections are remembered from here on, as in every process that runs.
    private static async Task AttestAnotherAsync(SigningWorld world, StagingWorld staging, SignImageFunction function)
    {
        var image = await PushAsync(world, staging);
        await ScanAsync(world, image, "FINISHED_SUCCESS");
        await HandleAsync(function, Push(image));
        Assert.Single(await world.AttestationsAsync(image.Digest));
    }

    private static async Task<ImageReference> PushAsync(SigningWorld world, StagingWorld staging)
    {
        world.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Ci);
        var traits = new ImageTraits { User = "65532", Labels = new Dictionary<string, string> { ["team"] = "payments" }, Created = TimeProvider.System.GetUtcNow() };
        var image = await world.PushAsync(traits: traits);
        await world.BuildAsync(image);
        Assert.Equal("signed", Assert.Single(await staging.Signer.SignAsync(image, TestContext.Current.CancellationToken)).Code);
        return image;
    }

    private static Task<string> ScanAsync(SigningWorld world, ImageReference image, string status) =>
        VulnerabilityScan.RecordAsync(world.Http, image.ToString(), status, [], TestContext.Current.CancellationToken);

    private static SignImageFunction Function(SigningWorld world)
    {
        var services = world.Get<IServiceProvider>();
        return ActivatorUtilities.CreateInstance<SignImageFunction>(services, ActivatorUtilities.CreateInstance<NotifiedImages>(services), ActivatorUtilities.CreateInstance<EventDelivery>(services));
    }

    private static Task HandleAsync(SignImageFunction function, string data) => function.HandleAsync(
        new CloudEvent { Id = "1001" }, new MessagePublished { Message = new PubsubMessage { Data = Encoding.UTF8.GetBytes(data) } }, TestContext.Current.CancellationToken);

    private static string Push(ImageReference image) => $$"""{"action":"INSERT","digest":"{{image}}"}""";

    // Each call takes long enough that calls made together cannot pass for calls made one after the other.
    private static async Task<int> CountAsync(SigningWorld world, Func<Task> act)
    {
        world.Emulator.Faults.Delay("*", TimeSpan.FromMilliseconds(300));
        using var trips = new RoundTrips(world.Emulator.GrpcEndpoint);
        await act();
        world.Emulator.Faults.Clear();
        return trips.SequentialUntil("CreateOccurrence");
    }
}
