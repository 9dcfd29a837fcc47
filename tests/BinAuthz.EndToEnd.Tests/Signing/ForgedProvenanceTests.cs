using System.Text.Json.Nodes;
using BinAuthz.Approval;
using BinAuthz.Cli.Emulation;
using BinAuthz.GoogleCloud;
using BinAuthz.Images;
using BinAuthz.Signing;
using Grpc.Core;
using Ca = Grafeas.V1;
using KeyState = Google.Cloud.Kms.V1.CryptoKeyVersion.Types.CryptoKeyVersionState;

namespace BinAuthz.EndToEnd.Tests.Signing;

/// <summary>Forged BUILD occurrences, stored through Container Analysis: the signer refuses each, and signs the genuine one.</summary>
public sealed class ForgedProvenanceTests(SigningWorldFixture fixture) : IClassFixture<SigningWorldFixture>
{
    private const string OtherHex = "ad636bbaee1af32b65c9bd27d6dc00f18fabb6fb96a8f4537c435e5e199ef9be";

    private static readonly Dictionary<string, (Func<BuildRecords, Ca.Occurrence, Task<Ca.Envelope>> Forge, string Code)> Forgeries = new()
    {
        ["foreign key"] = ((_, genuine) => Task.FromResult(BuildRecords.SignedByForeignKey(genuine, "projects/evil/key")), "provenance-key-unknown"),
        ["foreign key under the builder's id"] = ((_, genuine) => Task.FromResult(BuildRecords.SignedByForeignKey(genuine, BuildRecords.BuilderKey)), "provenance-signature"),
        ["swapped subject"] = ((records, genuine) => records.SignedByBuilderAsync(genuine, node => Subject(node)["sha256"] = OtherHex), "subject-digest"),
        ["altered payload"] = ((_, genuine) => Task.FromResult(BuildRecords.Altered(genuine, node => Source(node)["ref"] = "refs/heads/evil")), "provenance-signature"),
        ["wrong builder"] = ((records, genuine) => records.SignedByBuilderAsync(genuine, node => node["predicate"]!["runDetails"]!["builder"]!["id"] = "https://evil.example/builder"), "builder-not-trusted"),
        ["wrong source"] = ((records, genuine) => records.SignedByBuilderAsync(genuine, node => Source(node)["repository"] = "git+https://github.com/acme/app-evil"), "source-not-allowed"),
        ["wrong predicate"] = ((records, genuine) => records.SignedByBuilderAsync(genuine, node => node["predicateType"] = "https://slsa.dev/verification_summary/v1"), "predicate-type"),
        ["unsigned"] = ((_, genuine) => Task.FromResult(BuildRecords.Unsigned(genuine)), "provenance-unsigned"),
        ["empty subject"] = ((records, genuine) => records.SignedByBuilderAsync(genuine, node => Subject(node)["sha256"] = ""), "subject-empty"),
    };

    public static TheoryData<string> Names => [.. Forgeries.Keys];

    private SigningWorld World => fixture.World;

    [Theory]
    [MemberData(nameof(Names))]
    public async Task SignAsync_ForgedProvenance_SignsNothing(string name)
    {
        var (forge, code) = Forgeries[name];
        using var records = new BuildRecords(World);
        var image = await World.PushBuiltAsync();
        var genuine = await records.GenuineAsync(image);
        await records.ReplaceAsync(genuine, await forge(records, genuine));

        await AssertRejectedAsync(World, image, code);
    }

    [Fact]
    public async Task SignAsync_ProvenanceOfAnotherImage_SignsNothing()
    {
        using var records = new BuildRecords(World);
        var other = await records.GenuineAsync(await World.PushBuiltAsync());
        var image = await World.PushBuiltAsync();
        await records.ReplaceAsync(await records.GenuineAsync(image), other.Envelope);

        await AssertRejectedAsync(World, image, "subject-digest");
    }

    [Fact]
    public async Task SignAsync_GenuineProvenanceStoredAnew_Signs()
    {
        using var records = new BuildRecords(World);
        var image = await World.PushBuiltAsync();
        var genuine = await records.GenuineAsync(image);
        await records.ReplaceAsync(genuine, await records.SignedByBuilderAsync(genuine, _ => { }));

        Assert.IsType<SigningOutcome.Signed>(await World.SignAsync(image));

        Assert.True(await World.IsAcceptedAsync(Assert.Single(await World.AttestationsAsync(image.Digest))));
    }

    [Theory]
    [InlineData("refs/heads/main", "projects/acme-prod/locations/us-central1/triggers/release", "provenance-verified")]
    [InlineData("refs/heads/evil", "projects/acme-prod/locations/us-central1/triggers/release", "ref-not-allowed")]
    [InlineData("refs/heads/main", "projects/acme-prod/locations/us-central1/triggers/other", "trigger-not-allowed")]
    [InlineData("refs/heads/main", null, "trigger-not-allowed")]
    public async Task Evaluate_BuildByTheEmulator_NamesRefAndTrigger(string name, string? trigger, string code)
    {
        var image = await World.PushAsync();
        await World.BuildAsync(image, new BuildSource(SigningWorld.TrustedSource.Uri, name, SigningWorld.TrustedSource.Commit, trigger));
        var policy = ApprovalPolicy.Parse(
            SigningWorld.Policy.Replace("    keys:", "    refs: [refs/heads/main]\n    triggers: [projects/acme-prod/locations/us-central1/triggers/release]\n    keys:", StringComparison.Ordinal), "approval.yaml");
        var facts = new ImageFacts(image)
        {
            Provenance = await World.Get<ContainerAnalysisClient>().ListProvenanceAsync(SigningWorld.Project, image, TestContext.Current.CancellationToken),
            ProvenanceKeys = await World.Get<ProvenanceKeyRing>().GetAsync(TestContext.Current.CancellationToken),
        };

        Assert.Equal(code, policy.Attestors[0].Rules[1].Evaluate(facts, DateTimeOffset.UnixEpoch).Code);
    }

    [Fact]
    public async Task SignAsync_BuilderKeyDisabled_CountsUntilTheKeysAreReadAnew()
    {
        var clock = new MovableTime();
        await using var world = await SigningWorld.StartAsync(time: clock);
        using var records = new BuildRecords(world);
        var (before, within, after) = (await world.PushBuiltAsync(), await world.PushBuiltAsync(), await world.PushBuiltAsync());
        Assert.IsType<SigningOutcome.Signed>(await world.SignAsync(before));

        await records.SetBuilderKeyAsync(KeyState.Disabled);
        Assert.IsType<SigningOutcome.Signed>(await world.SignAsync(within));
        clock.Shift = ProvenanceKeyRing.Lifetime;
        await AssertRejectedAsync(world, after, "provenance-key-unavailable");

        await records.SetBuilderKeyAsync(KeyState.Enabled);
        Assert.IsType<SigningOutcome.Signed>(await world.SignAsync(after));
    }

    [Fact]
    public async Task SignAsync_BuilderKeyMissingOrForbidden_SignsNothingAndReadsAnew()
    {
        await using var world = await SigningWorld.StartAsync();
        var image = await world.PushBuiltAsync();

        world.Emulator.Faults.FailNext("GetPublicKey", StatusCode.NotFound);
        await AssertRejectedAsync(world, image, "provenance-key-unavailable");
        world.Emulator.Faults.FailNext("GetPublicKey", StatusCode.PermissionDenied);
        var error = await Assert.ThrowsAsync<GoogleCallException>(() => world.SignAsync(image));
        Assert.Equal(StatusCode.PermissionDenied, error.Status);

        Assert.IsType<SigningOutcome.Signed>(await world.SignAsync(image));
    }

    private static async Task AssertRejectedAsync(SigningWorld world, ImageReference image, string code)
    {
        world.Emulator.Requests.Clear();

        var rejected = Assert.IsType<SigningOutcome.Rejected>(await world.SignAsync(image));

        Assert.Contains($"[{code}]", rejected.Detail, StringComparison.Ordinal);
        Assert.Equal(0, world.Emulator.Requests.Count("AsymmetricSign"));
        Assert.Empty(await world.AttestationsAsync(image.Digest));
    }

    private static JsonNode Subject(JsonNode statement) => statement["subject"]![0]!["digest"]!;

    private static JsonNode Source(JsonNode statement) => statement["predicate"]!["buildDefinition"]!["externalParameters"]!["buildConfigSource"]!;

    private sealed class MovableTime : TimeProvider
    {
        public TimeSpan Shift { get; set; }

        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Shift;
    }
}
