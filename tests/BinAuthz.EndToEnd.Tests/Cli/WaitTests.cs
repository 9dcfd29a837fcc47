using System.Text.Json.Nodes;
using BinAuthz.Attestations;
using BinAuthz.Cli;
using BinAuthz.Cli.Emulation;
using BinAuthz.Cli.Waiting;
using BinAuthz.EndToEnd.Tests.Rotation;
using BinAuthz.EndToEnd.Tests.Signing;
using BinAuthz.GoogleCloud;
using BinAuthz.Images;
using BinAuthz.Signing;
using Grpc.Core;

namespace BinAuthz.EndToEnd.Tests.Cli;

/// <summary><c>binauthz wait</c> on an emulator, and its patience by a clock that runs ahead.</summary>
public sealed class WaitTests(SigningWorldFixture fixture) : IClassFixture<SigningWorldFixture>
{
    private static readonly BuildSource Foreign = new("https://github.com/evil/app", "refs/heads/main", SigningWorld.TrustedSource.Commit);

    private readonly SigningWorld world = fixture.World;

    [Fact]
    public async Task Wait_ImageThatIsSignedMeanwhile_EndsWhenItIsAttested()
    {
        var image = await world.PushBuiltAsync(index: true);
        world.Emulator.Requests.Clear();

        var waiting = WaitAsync(image.ToString(), "--timeout", "2m");
        Assert.True(await Eventually.HoldsAsync(
            () => Task.FromResult(world.Emulator.Requests.Count("ListNoteOccurrences") > 0), TimeSpan.FromSeconds(30), TimeSpan.FromMilliseconds(20), TestContext.Current.CancellationToken));
        Assert.IsType<SigningOutcome.Signed>(await world.SignAsync(image));
        var (code, answer) = await waiting;

        Assert.Equal((ExitCode.Ok, "attested"), (code, Verdict(answer)));
        Assert.True(answer["attestors"]![0]!["attested"]!.GetValue<bool>());
    }

    [Fact]
    public async Task Wait_Tag_ResolvesItOnceAndPrintsTheDigest()
    {
        var image = await world.PushBuiltAsync();
        await world.SignAsync(image);
        var tag = (await world.Get<ArtifactRegistryClient>().FindAsync(Repository(image), image.Digest, TestContext.Current.CancellationToken))!.Tags.Single();

        var (code, answer) = await WaitAsync($"{image.Name}:{tag}", "--timeout", "0");

        Assert.Equal((ExitCode.Ok, image.Digest.ToString()), (code, answer["digest"]!.GetValue<string>()));
    }

    [Fact]
    public async Task Wait_RejectedImage_EndsAtOnceWithTheRule()
    {
        var image = await world.PushAsync();
        await world.BuildAsync(image, Foreign);
        Assert.IsType<SigningOutcome.Rejected>(await world.SignAsync(image));

        var (code, answer) = await WaitAsync(image.ToString(), "--timeout", "24h");

        Assert.Equal((ExitCode.Refused, "rejected"), (code, Verdict(answer)));
        Assert.Contains(answer["attestors"]![0]!["refusal"]!["rules"]!.AsArray(), rule => (string?)rule!["code"] == "source-not-allowed");
    }

    [Fact]
    public async Task Wait_AskingToWeighARejectedImageAgain_AsksTheSignerAndLeavesTheOldWord()
    {
        var image = await world.PushAsync();
        await world.BuildAsync(image, Foreign);
        Assert.IsType<SigningOutcome.Rejected>(await world.SignAsync(image));
        world.Emulator.Requests.Clear();

        var (code, answer) = await WaitAsync(image.ToString(), "--weigh", "--timeout", "0");

        Assert.Equal((ExitCode.Refused, "timed-out"), (code, Verdict(answer)));
        Assert.Equal("rejected", answer["attestors"]![0]!["refusal"]!["outcome"]!.GetValue<string>());
        Assert.Equal(1, world.Emulator.Requests.Count("/Publish"));
    }

    [Fact]
    public async Task Wait_EvidenceThatDoesNotCome_TimesOutWithWhatIsAwaited()
    {
        var image = await world.PushAsync();
        Assert.IsType<SigningOutcome.NotReady>(await world.SignAsync(image));

        var (code, answer) = await WaitAsync(image.ToString(), "--timeout", "0");

        Assert.Equal((ExitCode.Refused, "timed-out"), (code, Verdict(answer)));
        Assert.Equal("not_ready", answer["attestors"]![0]!["refusal"]!["outcome"]!.GetValue<string>());
        Assert.Equal([image.Digest.ToString()], answer["attestors"]![0]!["missing"]!.AsArray().Select(each => each!.GetValue<string>()));
    }

    [Fact]
    public async Task Wait_PlatformWithoutAttestation_IsNotDone()
    {
        var image = await world.PushBuiltAsync(index: true);
        await world.SignAsync(image);
        var registered = await world.Get<ArtifactRegistryClient>().FindAsync(Repository(image), image.Digest, TestContext.Current.CancellationToken);
        var platform = registered!.RunnablePlatforms[0];
        await world.Get<ContainerAnalysisClient>().DeleteOccurrenceAsync(Assert.Single(await world.AttestationsAsync(platform)).Name, TestContext.Current.CancellationToken);

        var (code, answer) = await WaitAsync(image.ToString(), "--timeout", "0");

        Assert.Equal(ExitCode.Refused, code);
        Assert.Equal([platform.ToString()], answer["attestors"]![0]!["missing"]!.AsArray().Select(each => each!.GetValue<string>()));
    }

    [Fact]
    public async Task Wait_AttestationForAnotherImage_IsInvalid()
    {
        var (image, other) = (await world.PushBuiltAsync(), await world.PushBuiltAsync());
        await world.SignAsync(other);
        var borrowed = Assert.Single(await world.AttestationsAsync(other.Digest)) with { ResourceUri = $"https://{image}" };
        Assert.NotNull(await world.Get<ContainerAnalysisClient>().CreateAttestationAsync(SigningWorld.Project, borrowed, TestContext.Current.CancellationToken));

        var (code, answer) = await WaitAsync(image.ToString(), "--timeout", "0");

        Assert.Equal((ExitCode.InvalidSignature, "invalid"), (code, Verdict(answer)));
        Assert.False(Assert.Single(answer["attestors"]![0]!["invalid"]!.AsArray())!["valid"]!.GetValue<bool>());
    }

    [Fact]
    public async Task Wait_EvidenceBucketThatMayNotBeRead_StillTellsWhetherItIsAttested()
    {
        var image = await world.PushBuiltAsync();

        var (code, answer) = await WaitAsync(image.ToString(), "--timeout", "0", "--bucket", "acme-other-evidence");

        Assert.Equal((ExitCode.Refused, "timed-out"), (code, Verdict(answer)));
        Assert.Contains("acme-other-evidence", answer["attestors"]![0]!["unreadable"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wait_LongerThanADay_IsAUsageError()
    {
        using var error = new StringWriter();

        var code = await BinAuthzTool.RunAsync(["wait", "a", "--timeout", "2d"], TextWriter.Null, error, TestContext.Current.CancellationToken);

        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains("--timeout must be at most 24h", error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("us-central1-docker.pkg.dev/acme-prod/app/server@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "Push it first")]
    [InlineData("docker.io/acme/server@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "in no Artifact Registry repository")]
    public async Task Wait_NothingThatCouldBeAttested_IsAUsageErrorAtOnce(string image, string reason)
    {
        var (code, answer) = await WaitAsync(image, "--timeout", "24h");

        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains(reason, answer["error"]!["message"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wait_NoAnswerUntilTheEnd_IsInfrastructure()
    {
        var image = await world.PushBuiltAsync();
        await world.SignAsync(image);
        world.Emulator.Faults.FailNext("ListNoteOccurrences", StatusCode.Unavailable, times: 1000);
        try
        {
            var (code, answer) = await WaitAsync(image.ToString(), "--timeout", "0");

            Assert.Equal(ExitCode.Infrastructure, code);
            Assert.Contains("ListNoteOccurrences", answer["error"]!["message"]!.GetValue<string>(), StringComparison.Ordinal);
        }
        finally
        {
            world.Emulator.Faults.Clear();
        }
    }

    [Fact]
    public async Task RunAsync_NobodyAttests_LooksEverMoreSlowlyAndTellsOnce()
    {
        var clock = new RotatorClock { Hurries = true };
        var (looks, told) = (new List<DateTimeOffset>(), new List<string>());
        var image = ImageReference.Parse($"{SigningWorld.Repository}@sha256:{new string('a', 64)}");
        var wait = new AttestationWait(
            _ =>
            {
                looks.Add(clock.GetUtcNow());
                return looks.Count == 3
                    ? throw new GoogleCallException("ListNoteOccurrences", "a note", StatusCode.Unavailable, "down")
                    : Task.FromResult<IReadOnlyList<AttestorLook>>([new AttestorLook(AttestorName.Parse("projects/acme-prod/attestors/production-attestor"), [image], [])]);
            },
            told.Add,
            clock);

        var result = await wait.RunAsync(TimeSpan.FromMinutes(10), TimeSpan.Zero, TestContext.Current.CancellationToken);

        Assert.Equal(WaitVerdict.TimedOut, result.Verdict);
        Assert.InRange(result.Waited, TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(11));
        Assert.InRange(looks.Count, 40, 50);
        Assert.Equal([1, 2, 4, 8, 15], looks.Zip(looks.Skip(1), (one, next) => (int)(next - one).TotalSeconds).Take(5));
        Assert.Equal(3, told.Count);
        Assert.Contains("was answered Unavailable", told[1], StringComparison.Ordinal);
    }

    private static string Verdict(JsonNode answer) => answer["verdict"]!.GetValue<string>();

    private static RepositoryPath Repository(ImageReference image) =>
        RepositoryPath.TryParse(image.Name, out var repository) ? repository : throw new InvalidOperationException(image.Name);

    private Task<(int Code, JsonNode Answer)> WaitAsync(string image, params string[] more) =>
        CommandLine.RunAsync(world.Emulator.GrpcEndpoint.ToString(), ["wait", image, .. more]);
}
