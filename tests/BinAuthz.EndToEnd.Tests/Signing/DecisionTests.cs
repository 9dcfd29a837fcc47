using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using BinAuthz.Cli.Emulation;
using BinAuthz.Decisions;
using BinAuthz.EndToEnd.Tests.Cli;
using BinAuthz.GoogleCloud;
using BinAuthz.Images;
using BinAuthz.Signing;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.Extensions.DependencyInjection;
using PubSub = Google.Cloud.PubSub.V1;

namespace BinAuthz.EndToEnd.Tests.Signing;

public sealed class DecisionTests
{
    private const string Bucket = "acme-prod-binauthz-evidence";
    private const string Topic = "projects/acme-prod/topics/production-decisions";
    private const string Subscription = "projects/acme-prod/subscriptions/decisions";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task SignAsync_BuiltImage_LeavesARecordThatPlainEcdsaVerifies()
    {
        await using var world = await SigningWorld.StartAsync();
        var image = await world.PushBuiltAsync();
        var signed = Assert.IsType<SigningOutcome.Signed>(await world.SignAsync(image));

        var (name, content) = Assert.Single(await RecordsAsync(world, image.Digest));

        Assert.Equal($"gs://{Bucket}/decisions/production-attestor/sha256/{image.Digest.Hex}/1.json", name);
        var envelope = JsonNode.Parse(content)!;
        var payload = Convert.FromBase64String((string)envelope["payload"]!);
        var signature = Assert.Single(envelope["signatures"]!.AsArray())!;
        Assert.Equal(signed.Key.PublicKeyId, (string?)signature["keyid"]);
        Assert.Equal("application/vnd.in-toto+json", (string?)envelope["payloadType"]);
        var attestor = await world.Get<BinaryAuthorizationClient>().FindAttestorAsync(world.Attestor, Stop);
        using var key = ECDsa.Create();
        key.ImportFromPem(Assert.Single(attestor!.Keys).Pem);
        byte[] covered = [.. Encoding.UTF8.GetBytes($"DSSEv1 28 application/vnd.in-toto+json {payload.Length} "), .. payload];
        Assert.True(key.VerifyData(covered, Convert.FromBase64String((string)signature["sig"]!), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));
        var statement = JsonNode.Parse(payload)!;
        Assert.Equal(image.Digest.Hex, (string?)Assert.Single(statement["subject"]!.AsArray())!["digest"]!["sha256"]);
        Assert.Equal("PASSED", (string?)statement["predicate"]!["verificationResult"]);
    }

    [Fact]
    public async Task SignAsync_OneImageThreeTimes_PublishesEachEvaluationOnce()
    {
        await using var world = await SigningWorld.StartAsync();
        using var channel = GrpcChannel.ForAddress(world.Emulator.GrpcEndpoint);
        await SubscribeAsync(channel);
        var image = await world.PushAsync();
        await world.SignAsync(image);
        await world.BuildAsync(image);
        await world.Signer.SignAsync(image, new SigningTrigger("1001", []), Stop);
        await world.SignAsync(image);

        var messages = await PullAsync(channel, 3);

        Assert.Equal(["already_signed", "not_ready", "signed"], messages.Select(message => message.Attributes["outcome"]).Order(StringComparer.Ordinal));
        Assert.All(messages, message => Assert.Equal(("production", world.Attestor.ToString(), image.ToString()), (message.Attributes["environment"], message.Attributes["attestor"], message.Attributes["image"])));
        var signed = JsonNode.Parse(messages.Single(message => message.Attributes["outcome"] == "signed").Data.Span)!;
        Assert.Equal("1001", (string?)signed["messageId"]);
        Assert.Equal(Assert.Single(await world.AttestationsAsync(image.Digest)).Name, (string?)signed["attestations"]![0]!["name"]);
        Assert.Equal(world.Key.Version(1).ToString(), (string?)signed["keyVersion"]);
        Assert.NotEmpty(signed["rules"]!.AsArray());
    }

    [Fact]
    public async Task SignAsync_RejectedImage_LeavesAMessageAndNoRecord()
    {
        await using var world = await SigningWorld.StartAsync();
        using var channel = GrpcChannel.ForAddress(world.Emulator.GrpcEndpoint);
        await SubscribeAsync(channel);
        var image = await world.PushAsync();
        await world.BuildAsync(image, new BuildSource("https://github.com/acme/app-evil", "refs/heads/main", SigningWorld.TrustedSource.Commit));
        await world.SignAsync(image);

        var decision = JsonNode.Parse(Assert.Single(await PullAsync(channel, 1)).Data.Span)!;

        Assert.Equal("rejected", (string?)decision["outcome"]);
        Assert.Contains("https://github.com/acme/app-evil", decision["rules"]!.ToJsonString(), StringComparison.Ordinal);
        Assert.Empty(await RecordsAsync(world, image.Digest));
    }

    [Fact]
    public async Task SignAsync_NoImage_PublishesNothing()
    {
        await using var world = await SigningWorld.StartAsync();

        await world.SignAsync(ImageReference.Parse($"{SigningWorld.Repository}@sha256:{new string('a', 64)}"));

        Assert.Equal(0, world.Emulator.Requests.Count("Publish"));
    }

    [Fact]
    public async Task SignAsync_DryRun_PublishesWouldSignAndKeepsNoRecord()
    {
        await using var world = await SigningWorld.StartAsync();
        using var channel = GrpcChannel.ForAddress(world.Emulator.GrpcEndpoint);
        await SubscribeAsync(channel);
        var image = await world.PushBuiltAsync();

        var outcomes = await SignByAsync(world, SigningWorld.Policy.Replace("rules:", "mode: dryRun\nrules:", StringComparison.Ordinal), image);

        Assert.IsType<SigningOutcome.WouldSign>(Assert.Single(outcomes));
        Assert.Equal("dryRun", (string?)JsonNode.Parse(Assert.Single(await PullAsync(channel, 1)).Data.Span)!["mode"]);
        Assert.Empty(await RecordsAsync(world, image.Digest));
    }

    [Fact]
    public async Task SignAsync_OneAttestorOfTwoFails_RecordsTheOthersDecision()
    {
        await using var world = await SigningWorld.StartAsync();
        using var channel = GrpcChannel.ForAddress(world.Emulator.GrpcEndpoint);
        await SubscribeAsync(channel);
        var image = await world.PushBuiltAsync();
        var policy = $$"""
            environment: production
            attestors:
              - attestor: projects/acme-prod/attestors/missing
                key: projects/acme-prod/locations/us-central1/keyRings/production-binauthz/cryptoKeys/other-key
                rules: { repositories: ["{{SigningWorld.Repository}}"], provenance: none }
              - attestor: {{world.Attestor}}
                key: {{world.Key}}
                rules: { repositories: ["{{SigningWorld.Repository}}"], provenance: none }
            """;

        await Assert.ThrowsAnyAsync<Exception>(() => SignByAsync(world, policy, image));

        var message = Assert.Single(await PullAsync(channel, 1));
        Assert.Equal(("signed", world.Attestor.ToString()), (message.Attributes["outcome"], message.Attributes["attestor"]));
        Assert.Single(await RecordsAsync(world, image.Digest));
    }

    [Fact]
    public async Task SignAsync_CrashBeforeTheRecord_IsRepairedByTheNextRun()
    {
        await using var world = await SigningWorld.StartAsync();
        var image = await world.PushBuiltAsync();
        world.Emulator.Faults.FailNext("objects.insert", StatusCode.Unavailable, times: 3);
        await Assert.ThrowsAsync<GoogleCallException>(() => world.SignAsync(image));
        Assert.Single(await world.AttestationsAsync(image.Digest));
        Assert.Empty(await RecordsAsync(world, image.Digest));

        var repaired = Assert.IsType<SigningOutcome.AlreadySigned>(await world.SignAsync(image));

        Assert.NotEmpty(repaired.Rules);
        Assert.Single(await RecordsAsync(world, image.Digest));
        Assert.Single(await world.AttestationsAsync(image.Digest));
        world.Emulator.Requests.Clear();
        await world.SignAsync(image);
        Assert.Equal(0, world.Emulator.Requests.Count("AsymmetricSign"));
    }

    [Fact]
    public async Task SignAsync_CrashBeforeTheAttestation_LeavesOneOfEach()
    {
        await using var world = await SigningWorld.StartAsync();
        var image = await world.PushBuiltAsync();
        world.Emulator.Faults.FailNext("CreateOccurrence", StatusCode.Unavailable);
        await Assert.ThrowsAsync<GoogleCallException>(() => world.SignAsync(image));

        Assert.IsType<SigningOutcome.Signed>(await world.SignAsync(image));

        Assert.Single(await RecordsAsync(world, image.Digest));
        Assert.Single(await world.AttestationsAsync(image.Digest));
    }

    [Fact]
    public async Task SignAsync_ManyAtOnce_LeavesOneRecord()
    {
        await using var world = await SigningWorld.StartAsync();
        var image = await world.PushBuiltAsync();

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => world.SignAsync(image)));

        Assert.Single(await RecordsAsync(world, image.Digest));
    }

    [Fact]
    public async Task SignAsync_Index_LeavesTheSameRecordForEveryDigest()
    {
        await using var world = await SigningWorld.StartAsync();
        var image = await world.PushBuiltAsync(index: true);
        var signed = Assert.IsType<SigningOutcome.Signed>(await world.SignAsync(image));

        var records = await Task.WhenAll(signed.Stored.Select(stored => RecordsAsync(world, stored.Image.Digest)));

        Assert.Equal(3, records.Length);
        Assert.All(records, each => Assert.Equal(records[0][0].Content, Assert.Single(each).Content));
    }

    [Fact]
    public async Task SignAsync_WithoutTopic_IsForTheOperatorAndAttestsAllTheSame()
    {
        await using var world = await SigningWorld.StartAsync();
        var image = await world.PushBuiltAsync();
        using var channel = GrpcChannel.ForAddress(world.Emulator.GrpcEndpoint);
        await new PubSub.Publisher.PublisherClient(channel).DeleteTopicAsync(new PubSub.DeleteTopicRequest { Topic = Topic }, cancellationToken: Stop);

        var error = await Assert.ThrowsAsync<GoogleCallException>(() => world.SignAsync(image));

        Assert.False(error.IsTransient);
        Assert.Contains(Topic, error.Message, StringComparison.Ordinal);
        Assert.Single(await world.AttestationsAsync(image.Digest));
    }

    [Fact]
    public async Task HandleAsync_Push_LogsPolicyAndRules()
    {
        await using var function = await FunctionWorld.StartAsync();
        var image = await function.World.PushBuiltAsync();

        await function.PostAsync($$"""{"action":"INSERT","digest":"{{image}}"}""", messageId: "7007");

        Assert.True(await function.Log.ContainsAsync($"Message 7007 about {image} for {function.World.Attestor} ended signed:", Stop));
        var digest = Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(function.World.PolicyPath, Stop)));
        Assert.True(await function.Log.ContainsAsync($"policy sha256:{digest}; rules repository-", Stop));
    }

    [Fact]
    public async Task Why_SignedImage_TellsEveryRule()
    {
        await using var world = await SigningWorld.StartAsync();
        var image = await world.PushBuiltAsync();
        await world.SignAsync(image);

        var (code, answer) = await WhyAsync(world, image);

        Assert.Equal(0, code);
        var record = Assert.Single(answer["records"]!.AsArray())!;
        Assert.True((bool)record["valid"]!);
        Assert.Equal("approved", (string?)record["verdict"]);
        Assert.Equal(["repositories", "provenance"], record["rules"]!.AsArray().Select(rule => (string?)rule!["rule"]));
        Assert.All(record["rules"]!.AsArray(), rule => Assert.Equal("satisfied", (string?)rule!["verdict"]));
    }

    [Fact]
    public async Task Why_TamperedRecord_ExitsWithInvalidSignature()
    {
        await using var world = await SigningWorld.StartAsync();
        var image = await world.PushBuiltAsync();
        await world.SignAsync(image);
        var (name, content) = Assert.Single(await RecordsAsync(world, image.Digest));
        var envelope = JsonNode.Parse(content)!;
        var payload = Encoding.UTF8.GetString(Convert.FromBase64String((string)envelope["payload"]!)).Replace("production", "productiom", StringComparison.Ordinal);
        envelope["payload"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(payload));
        await world.ForgeEvidenceAsync(name[$"gs://{Bucket}/".Length..], Encoding.UTF8.GetBytes(envelope.ToJsonString()));

        var (code, answer) = await WhyAsync(world, image);

        Assert.Equal(4, code);
        Assert.Contains("does not verify", (string?)answer["records"]![0]!["reason"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Why_ImageThatIsNotReady_ExitsWithRefused()
    {
        await using var world = await SigningWorld.StartAsync();
        var image = await world.PushAsync();
        await world.SignAsync(image);

        var (code, answer) = await WhyAsync(world, image, "--attestor", world.Attestor.ToString(), "--bucket", Bucket);

        Assert.Equal(1, code);
        Assert.Empty(answer["records"]!.AsArray());
        var refusal = Assert.Single(answer["refusals"]!.AsArray())!;
        Assert.Equal(("not_ready", world.Attestor.ToString()), ((string?)refusal["outcome"], (string?)refusal["attestor"]));
        Assert.Equal(["repository-allowed", "provenance-missing"], refusal["rules"]!.AsArray().Select(rule => (string?)rule!["code"]));
    }

    [Fact]
    public async Task Why_ImageThatWasSignedAfterARefusal_TellsTheRecordAlone()
    {
        await using var world = await SigningWorld.StartAsync();
        var image = await world.PushAsync();
        await world.SignAsync(image);
        await world.BuildAsync(image);
        await world.SignAsync(image);

        var (code, answer) = await WhyAsync(world, image);

        Assert.Equal(0, code);
        Assert.Single(answer["records"]!.AsArray());
        Assert.Empty(answer["refusals"]!.AsArray());
    }

    [Fact]
    public async Task SignAsync_RefusedSeveralTimes_KeepsTheLatestRefusalAsItIsPublished()
    {
        await using var world = await SigningWorld.StartAsync();
        using var channel = GrpcChannel.ForAddress(world.Emulator.GrpcEndpoint);
        await SubscribeAsync(channel);
        var image = await world.PushAsync();
        await Task.WhenAll(world.SignAsync(image), world.SignAsync(image), world.SignAsync(image));
        await world.BuildAsync(image, new BuildSource("https://github.com/acme/app-evil", "refs/heads/main", SigningWorld.TrustedSource.Commit));
        await world.SignAsync(image);

        var latest = await world.Get<RefusalRecords>().FindLatestAsync(new EvidenceBucket(Bucket), world.Attestor, image.Digest, Stop);

        var published = (await PullAsync(channel, 4)).Single(message => message.Attributes["outcome"] == "rejected");
        Assert.Equal(published.Data.ToByteArray(), DecisionJson.Write(latest!));
        var names = await world.Get<StorageClient>().ListAsync(Bucket, $"refusals/production-attestor/sha256/{image.Digest.Hex}/", Stop);
        Assert.All(names, name => Assert.EndsWith("Z.json", name, StringComparison.Ordinal));
    }

    [Fact]
    public async Task SignAsync_RefusalCannotBeKept_IsForTheNextDelivery()
    {
        await using var world = await SigningWorld.StartAsync();
        var image = await world.PushAsync();
        world.Emulator.Faults.FailNext("objects.insert", StatusCode.Unavailable, times: 3);

        var error = await Assert.ThrowsAsync<GoogleCallException>(() => world.SignAsync(image));

        Assert.True(error.IsTransient);
        Assert.Equal(1, world.Emulator.Requests.Count("/Publish"));
    }

    [Fact]
    public async Task FindLatestAsync_DecisionOfAnotherImage_IsNobodysWord()
    {
        await using var world = await SigningWorld.StartAsync();
        var (image, other) = (await world.PushAsync(), await world.PushAsync());
        await world.SignAsync(other);
        var (storage, refusals) = (world.Get<StorageClient>(), world.Get<RefusalRecords>());
        var name = Assert.Single(await storage.ListAsync(Bucket, $"refusals/production-attestor/sha256/{other.Digest.Hex}/", Stop));
        await storage.CreateAsync(Bucket, name.Replace(other.Digest.Hex, image.Digest.Hex, StringComparison.Ordinal), await storage.ReadAsync(Bucket, name, Stop), "application/json", Stop);

        await Assert.ThrowsAsync<FormatException>(() => refusals.FindLatestAsync(new EvidenceBucket(Bucket), world.Attestor, image.Digest, Stop));
    }

    private static Task<(int Code, JsonNode Answer)> WhyAsync(SigningWorld world, ImageReference image, params string[] more) =>
        CommandLine.RunAsync(world.Emulator.GrpcEndpoint.ToString(), ["why", image.ToString(), .. more]);

    private static Task<IReadOnlyList<(string Name, byte[] Content)>> RecordsAsync(SigningWorld world, ImageDigest digest) =>
        world.Get<DecisionRecords>().ReadAsync(world.Attestor, digest, Stop);

    private static async Task<IReadOnlyList<SigningOutcome>> SignByAsync(SigningWorld world, string policy, ImageReference image)
    {
        var path = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(path, policy, Stop);
            await using var services = new ServiceCollection().AddBinAuthz(new BinAuthzOptions { Endpoint = world.Emulator.GrpcEndpoint, Approval = path }).BuildServiceProvider();
            return await services.GetRequiredService<ImageSigner>().SignAsync(image, Stop);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static async Task SubscribeAsync(GrpcChannel channel) =>
        await new PubSub.Subscriber.SubscriberClient(channel).CreateSubscriptionAsync(new PubSub.Subscription { Name = Subscription, Topic = Topic, AckDeadlineSeconds = 600 }, cancellationToken: Stop);

    /// <summary>All messages; one pull more than are expected finds what was published too often.</summary>
    private static async Task<IReadOnlyList<PubSub.PubsubMessage>> PullAsync(GrpcChannel channel, int expected)
    {
        var subscriber = new PubSub.Subscriber.SubscriberClient(channel);
        var messages = new List<PubSub.PubsubMessage>();
        while (messages.Count < expected)
        {
            messages.AddRange(await OnceAsync());
        }

        messages.AddRange(await OnceAsync());
        return messages;

        async Task<IEnumerable<PubSub.PubsubMessage>> OnceAsync()
        {
#pragma warning disable CS0612, CS0618 // An answer at once is what shows that nothing is left.
            var request = new PubSub.PullRequest { Subscription = Subscription, MaxMessages = 100, ReturnImmediately = true };
#pragma warning restore CS0612, CS0618
            return (await subscriber.PullAsync(request, cancellationToken: Stop)).ReceivedMessages.Select(received => received.Message);
        }
    }
}
