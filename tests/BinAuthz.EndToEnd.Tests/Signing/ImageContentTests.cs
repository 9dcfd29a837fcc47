using BinAuthz.Cli.Oci;
using BinAuthz.GoogleCloud;
using BinAuthz.Images;
using BinAuthz.Signing;
using Grpc.Core;

namespace BinAuthz.EndToEnd.Tests.Signing;

/// <summary>The rules over what the image itself holds, with the registry's real bytes.</summary>
public sealed class ImageContentTests
{
    private const string Policy = """
        environment: production
        attestor: projects/acme-prod/attestors/production-attestor
        rules:
          repositories:
            - us-central1-docker.pkg.dev/acme-prod/app/**
          provenance: none
          maxImageAge: 30d
          labels:
            team: [payments, search]
          notRoot: true
        """;

    private static readonly ImageTraits Good = new()
    {
        User = "65532:65532",
        Labels = new Dictionary<string, string> { ["team"] = "payments" },
        Created = TimeProvider.System.GetUtcNow().AddDays(-1),
    };

    [Fact]
    public async Task SignAsync_ImageAsRequired_IsSigned()
    {
        await using var world = await SigningWorld.StartAsync(policy: Policy);

        Assert.IsType<SigningOutcome.Signed>(await world.SignAsync(await world.PushAsync(traits: Good)));
    }

    public static TheoryData<string, string> Bad() => new()
    {
        { "user-is-root", "none" },
        { "user-is-root", "0:1000" },
        { "user-not-numeric", "app" },
        { "label-missing", "unlabelled" },
        { "label-not-allowed", "ads" },
        { "image-too-old", "old" },
        { "creation-time-in-future", "future" },
        { "creation-time-missing", "timeless" },
    };

    [Theory]
    [MemberData(nameof(Bad))]
    public async Task SignAsync_ImageWithAFault_IsRejected(string code, string fault)
    {
        await using var world = await SigningWorld.StartAsync(policy: Policy);
        var image = await world.PushAsync(traits: With(fault));

        var rejected = Assert.IsType<SigningOutcome.Rejected>(await world.SignAsync(image));

        Assert.Contains(code, rejected.Rules.Select(result => result.Code));
        Assert.Contains($"linux/amd64 ({image.Digest})", rejected.Detail, StringComparison.Ordinal);
        Assert.Equal(0, world.Emulator.Requests.Count("AsymmetricSign"));
    }

    [Fact]
    public async Task SignAsync_IndexAsRequired_IsSignedWithItsPlatforms()
    {
        await using var world = await SigningWorld.StartAsync(policy: Policy);

        var signed = Assert.IsType<SigningOutcome.Signed>(await world.SignAsync(await world.PushAsync(index: true, traits: Good)));

        Assert.Equal(3, signed.Stored.Count);
    }

    [Fact]
    public async Task SignAsync_IndexWithOneBadPlatform_IsRejectedAndNamesIt()
    {
        await using var world = await SigningWorld.StartAsync(policy: Policy);
        var image = await world.PushAsync(index: true, traits: Good, armTraits: Good with { User = "" });
        var content = await world.Get<RegistryClient>().FindAsync(image, TestContext.Current.CancellationToken);
        var arm = content!.Configurations.Single(configuration => configuration.Platform == "linux/arm64");

        var rejected = Assert.IsType<SigningOutcome.Rejected>(await world.SignAsync(image));

        Assert.Contains($"linux/arm64 ({arm.Manifest}): it runs as root", rejected.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain("linux/amd64", rejected.Detail, StringComparison.Ordinal);
        Assert.Empty(await world.AttestationsAsync());
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 3)]
    public async Task SignAsync_SecondTime_AsksForNoContent(bool index, int manifests)
    {
        await using var world = await SigningWorld.StartAsync(policy: Policy);
        var image = await world.PushAsync(index: index, traits: Good);
        world.Emulator.Requests.Clear();

        await world.SignAsync(image);
        Assert.Equal(manifests, world.Emulator.Requests.Count("Docker-GET-manifests"));
        Assert.Equal(index ? 2 : 1, world.Emulator.Requests.Count("Docker-GET-blobs"));

        world.Emulator.Requests.Clear();
        Assert.IsType<SigningOutcome.AlreadySigned>(await world.SignAsync(image));
        Assert.DoesNotContain(world.Emulator.Requests.Snapshot(), request => request.Method.StartsWith("Docker-", StringComparison.Ordinal));
    }

    [Fact]
    public async Task SignAsync_PolicyWithoutContentRules_AsksForNoContent()
    {
        await using var world = await SigningWorld.StartAsync();
        var image = await world.PushBuiltAsync(index: true);
        world.Emulator.Requests.Clear();

        Assert.IsType<SigningOutcome.Signed>(await world.SignAsync(image));

        Assert.DoesNotContain(world.Emulator.Requests.Snapshot(), request => request.Method.StartsWith("Docker-", StringComparison.Ordinal));
        Assert.Equal(2, world.Get<KnownImages>().PlatformsOf(image.Digest)!.Count);
    }

    [Fact]
    public async Task SignAsync_UnknownDigest_IsNotAnImage()
    {
        await using var world = await SigningWorld.StartAsync(policy: Policy);

        var nothing = Assert.IsType<SigningOutcome.NotAnImage>(await world.SignAsync(ImageReference.Parse($"{SigningWorld.Repository}@sha256:{new string('a', 64)}")));

        Assert.Contains("no such digest", nothing.Reason, StringComparison.Ordinal);
        Assert.Contains(world.Emulator.Requests.Snapshot(), request => request is { Method: "Docker-GET-manifests", Status: StatusCode.NotFound });
    }

    [Fact]
    public async Task SignAsync_RegistryUnavailableForAMoment_Signs()
    {
        await using var world = await SigningWorld.StartAsync(policy: Policy);
        var image = await world.PushAsync(traits: Good);
        world.Emulator.Faults.FailNext("Docker-GET-blobs", StatusCode.Unavailable, times: 2);

        Assert.IsType<SigningOutcome.Signed>(await world.SignAsync(image));

        Assert.Equal(3, world.Emulator.Requests.Count("Docker-GET-blobs"));
    }

    [Fact]
    public async Task SignAsync_RegistryRefuses_IsNoVerdict()
    {
        await using var world = await SigningWorld.StartAsync(policy: Policy);
        var image = await world.PushAsync(traits: Good);
        world.Emulator.Faults.FailNext("Docker-GET-manifests", StatusCode.PermissionDenied);

        var error = await Assert.ThrowsAsync<GoogleCallException>(() => world.SignAsync(image));

        Assert.Equal((StatusCode.PermissionDenied, image.ToString()), (error.Status, error.Resource));
        Assert.Contains("Grant the identity", error.Message, StringComparison.Ordinal);
    }

    private static ImageTraits With(string fault) => fault switch
    {
        "none" => Good with { User = null },
        "unlabelled" => Good with { Labels = new Dictionary<string, string>() },
        "ads" => Good with { Labels = new Dictionary<string, string> { ["team"] = "ads" } },
        "old" => Good with { Created = TimeProvider.System.GetUtcNow().AddDays(-31) },
        "future" => Good with { Created = TimeProvider.System.GetUtcNow().AddHours(1) },
        "timeless" => Good with { Created = null },
        var user => Good with { User = user },
    };
}
