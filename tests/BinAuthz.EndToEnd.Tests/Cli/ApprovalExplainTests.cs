using BinAuthz.Attestations;
using BinAuthz.Cli;
using BinAuthz.Cli.Emulation;
using BinAuthz.EndToEnd.Tests.Signing;
using BinAuthz.GoogleCloud;
using BinAuthz.Images;
using BinAuthz.Keys;
using BinAuthz.Signing;

namespace BinAuthz.EndToEnd.Tests.Cli;

/// <summary><c>binauthz approval explain</c> of signed, rejected and waiting images, on an emulator.</summary>
public sealed class ApprovalExplainTests
{
    private static readonly BuildSource Foreign = new("https://github.com/evil/app", "refs/heads/main", "0f1e2d3c4b5a69788796a5b4c3d2e1f001122334");

    [Fact]
    public async Task Explain_SignedImage_TellsTheEvidenceAndThatItIsSigned()
    {
        await using var world = await SigningWorld.StartAsync();
        var image = await world.PushBuiltAsync();
        Assert.IsType<SigningOutcome.Signed>(await world.SignAsync(image));

        var (code, answer) = await CommandLine.RunAsync(Endpoint(world), Arguments(world, image));

        Assert.Equal(ExitCode.Ok, code);
        Assert.Equal(image.Digest.ToString(), answer["digest"]!.GetValue<string>());
        var attestor = Assert.Single(answer["attestors"]!.AsArray())!;
        Assert.Equal(world.Attestor.ToString(), attestor["attestor"]!.GetValue<string>());
        Assert.Equal("approved", attestor["decision"]!.GetValue<string>());
        Assert.True(attestor["signed"]!.GetValue<bool>());
        Assert.Equal(["repository-allowed", "provenance-verified"], attestor["rules"]!.AsArray().Select(rule => rule!["code"]!.GetValue<string>()));
        var evidence = Assert.Single(attestor["rules"]![1]!["evidence"]!.AsArray())!;
        Assert.StartsWith("projects/acme-prod/occurrences/", evidence["name"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Matches("^sha256:[0-9a-f]{64}$", evidence["digest"]!.GetValue<string>());
    }

    [Fact]
    public async Task Explain_ApprovedImage_SignsAndStoresNothing()
    {
        await using var world = await SigningWorld.StartAsync();
        var image = await world.PushBuiltAsync(index: true);
        world.Emulator.Requests.Clear();

        var (code, answer) = await CommandLine.RunAsync(Endpoint(world), Arguments(world, image));

        Assert.Equal(ExitCode.Ok, code);
        Assert.Equal("approved", answer["attestors"]![0]!["decision"]!.GetValue<string>());
        Assert.False(answer["attestors"]![0]!["signed"]!.GetValue<bool>());
        Assert.Equal(0, world.Emulator.Requests.Count("AsymmetricSign"));
        Assert.Equal(0, world.Emulator.Requests.Count("CreateOccurrence"));
        Assert.Empty(await world.AttestationsAsync(image.Digest));
    }

    [Fact]
    public async Task Explain_IndexThatWaitsForScans_WritesNothingDown()
    {
        await using var world = await SigningWorld.StartAsync(policy: SigningWorld.Policy + "\n  vulnerabilities: {maximumFixable: LOW, maximumUnfixable: LOW, maxAge: 30d}\n");
        var image = await world.PushBuiltAsync(index: true);

        var (code, answer) = await CommandLine.RunAsync(Endpoint(world), Arguments(world, image));

        Assert.Equal(ExitCode.Refused, code);
        Assert.Contains(answer["attestors"]![0]!["rules"]!.AsArray(), rule => (string?)rule!["code"] == "scan-missing");
        Assert.Empty(await world.Get<StorageClient>().ListAsync(world.Get<EvidenceBucket>().Name, "", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Explain_SignedIndex_LooksAtEveryPlatform()
    {
        await using var world = await SigningWorld.StartAsync();
        var image = await world.PushBuiltAsync(index: true);
        Assert.IsType<SigningOutcome.Signed>(await world.SignAsync(image));

        var (_, answer) = await CommandLine.RunAsync(Endpoint(world), Arguments(world, image));

        Assert.True(answer["attestors"]![0]!["signed"]!.GetValue<bool>());
    }

    [Fact]
    public async Task Explain_RejectedImage_NamesTheRuleTheReasonAndTheRemedy()
    {
        await using var world = await SigningWorld.StartAsync();
        var image = await world.PushAsync();
        await world.BuildAsync(image, Foreign);

        var (code, answer) = await CommandLine.RunAsync(Endpoint(world), Arguments(world, image));
        var (textCode, text) = await TextAsync(world, image.ToString());

        Assert.Equal((ExitCode.Refused, ExitCode.Refused), (code, textCode));
        var rule = answer["attestors"]![0]!["rules"]![1]!;
        Assert.Equal(("violated", "source-not-allowed"), (rule["verdict"]!.GetValue<string>(), rule["code"]!.GetValue<string>()));
        Assert.Contains($"rejected, not signed: {world.Attestor}", text, StringComparison.Ordinal);
        Assert.Contains("  provenance: violated (source-not-allowed)", text, StringComparison.Ordinal);
        Assert.Contains(Foreign.Uri, text, StringComparison.Ordinal);
        Assert.Contains("    remedy: Build from a repository listed under rules.provenance.sources.", text, StringComparison.Ordinal);
        Assert.Matches("    evidence: projects/acme-prod/occurrences/[^ ]+ sha256:[0-9a-f]{64}", text);
    }

    [Fact]
    public async Task Explain_WaitingImageByTag_TellsWhatIsAwaited()
    {
        await using var world = await SigningWorld.StartAsync();
        var image = await world.PushAsync();
        var (_, listed) = await CommandLine.RunAsync(Endpoint(world), Arguments(world, image));
        var tag = Assert.Single(listed["tags"]!.AsArray())!.GetValue<string>();

        var (code, text) = await TextAsync(world, $"{image.Name}:{tag}");

        Assert.Equal(ExitCode.Refused, code);
        Assert.Contains($"not ready, not signed: {world.Attestor}", text, StringComparison.Ordinal);
        Assert.Contains("  provenance: awaiting (provenance-missing)", text, StringComparison.Ordinal);
        Assert.Contains(image.ToString(), text, StringComparison.Ordinal);
        Assert.Contains($"tags: {tag}; uploaded: 20", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Explain_ComposedRules_IndentsTheParts()
    {
        await using var world = await SigningWorld.StartAsync();
        var image = await world.PushBuiltAsync();
        var policy = Path.Combine(Path.GetDirectoryName(world.PolicyPath)!, "composed.yaml");
        await File.WriteAllTextAsync(
            policy,
            SigningWorld.Policy + "\n  any:\n    - repositories: [us-central1-docker.pkg.dev/acme-prod/other/**]\n    - all: [{repositories: [us-central1-docker.pkg.dev/acme-prod/app/*]}]\n",
            TestContext.Current.CancellationToken);

        var (code, text) = await TextAsync(world, image.ToString(), policy);

        Assert.Equal(ExitCode.Ok, code);
        Assert.Contains("  any: satisfied (any-satisfied)\n    repositories: violated (repository-not-allowed)\n", text.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.Contains("    all: satisfied (all-satisfied)\n      repositories: satisfied (repository-allowed)\n", text.ReplaceLineEndings("\n"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Explain_SeveralAttestors_EachDecidesForItself()
    {
        await using var world = await SigningWorld.StartAsync();
        var image = await world.PushBuiltAsync();
        Assert.IsType<SigningOutcome.Signed>(await world.SignAsync(image));
        var scanned = AttestorName.Parse("projects/acme-prod/attestors/production-scanned");
        var key = KeyName.Parse("projects/acme-prod/locations/us-central1/keyRings/production-binauthz/cryptoKeys/scanned");
        var cancellation = TestContext.Current.CancellationToken;
        await world.Get<KeyManagementClient>().EnsureKeyAsync(key, SignatureAlgorithm.Default, cancellation);
        await world.Get<ContainerAnalysisClient>().EnsureNoteAsync(NoteName.Parse("projects/acme-prod/notes/production-scanned"), "scanned", cancellation);
        await world.Get<BinaryAuthorizationClient>().EnsureAttestorAsync(scanned, NoteName.Parse("projects/acme-prod/notes/production-scanned"), cancellation);
        var policy = Path.Combine(Path.GetDirectoryName(world.PolicyPath)!, "several.yaml");
        await File.WriteAllTextAsync(
            policy,
            $$"""
            environment: production
            attestors:
              - attestor: {{world.Attestor}}
                key: {{world.Key}}
                rules: {repositories: [us-central1-docker.pkg.dev/acme-prod/app/**], provenance: none}
              - attestor: {{scanned}}
                key: {{key}}
                mode: dryRun
                rules: {repositories: [us-central1-docker.pkg.dev/acme-prod/tools/**], provenance: none}
            """,
            cancellation);

        var (code, answer) = await CommandLine.RunAsync(Endpoint(world), ["approval", "explain", image.ToString(), "--approval", policy]);
        var (_, text) = await TextAsync(world, image.ToString(), policy);

        Assert.Equal(ExitCode.Refused, code);
        Assert.Equal(["approved", "rejected"], answer["attestors"]!.AsArray().Select(attestor => attestor!["decision"]!.GetValue<string>()));
        Assert.Equal([true, false], answer["attestors"]!.AsArray().Select(attestor => attestor!["signed"]!.GetValue<bool>()));
        Assert.Contains($"approved, signed: {world.Attestor}", text, StringComparison.Ordinal);
        Assert.Contains($"rejected, not signed, in a dry run: {scanned}", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Explain_NoSuchAttestor_ExitsWithUsageAndSaysHowToMakeIt()
    {
        await using var world = await SigningWorld.StartAsync();
        var image = await world.PushBuiltAsync();
        var policy = Path.Combine(Path.GetDirectoryName(world.PolicyPath)!, "other.yaml");
        await File.WriteAllTextAsync(policy, SigningWorld.Policy.Replace("production-attestor", "production-other", StringComparison.Ordinal), TestContext.Current.CancellationToken);

        var (code, answer) = await CommandLine.RunAsync(Endpoint(world), ["approval", "explain", image.ToString(), "--approval", policy]);

        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains("binauthz setup", answer["error"]!["message"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("us-central1-docker.pkg.dev/acme-prod/app/server@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", ExitCode.Usage, "not an image: The registry has no such digest.")]
    [InlineData("docker.io/acme/server@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", ExitCode.Refused, "repositories: violated (repository-not-allowed)")]
    public async Task Explain_NothingToSign_SaysWhy(string image, int expected, string reason)
    {
        await using var world = await SigningWorld.StartAsync();

        var (code, text) = await TextAsync(world, image);

        Assert.Equal(expected, code);
        Assert.Contains(reason, text, StringComparison.Ordinal);
    }

    private static string Endpoint(SigningWorld world) => world.Emulator.GrpcEndpoint.ToString();

    private static string[] Arguments(SigningWorld world, ImageReference image) => ["approval", "explain", image.ToString(), "--approval", world.PolicyPath];

    private static async Task<(int Code, string Text)> TextAsync(SigningWorld world, string image, string? policy = null)
    {
        await using var output = new StringWriter();
        await using var error = new StringWriter();
        var code = await BinAuthzTool.RunAsync(["approval", "explain", image, "--approval", policy ?? world.PolicyPath, "--endpoint", Endpoint(world)], output, error, TestContext.Current.CancellationToken);
        return (code, output.ToString());
    }
}
