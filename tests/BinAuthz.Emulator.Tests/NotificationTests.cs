using System.Text.Json.Nodes;
using BinAuthz.Emulator.Tests.ArtifactRegistry;
using BinAuthz.Emulator.Tests.ContainerAnalysis;
using Google.Cloud.PubSub.V1;
using Google.Protobuf.WellKnownTypes;
using Grafeas.V1;

namespace BinAuthz.Emulator.Tests;

/// <summary>What Artifact Registry and Container Analysis tell a project's topics, read as a subscriber reads it.</summary>
public sealed class NotificationTests
{
    private const string Registry = "us-central1-docker.pkg.dev/acme-prod/app/server";

    [Fact]
    public async Task Push_ByTag_TellsDigestAndTag()
    {
        await using var emulator = await TestEmulator.StartAsync();
        await SubscribeAsync(emulator, "gcr");
        var image = TestImage.Single();

        await new RegistryFixture(emulator).PushAsync(image, "v1");

        var expected = Sample("ar-insert-tag.json");
        expected["digest"] = $"{Registry}@{image.Digest}";
        expected["tag"] = $"{Registry}:v1";
        Assert.Equal([expected.ToJsonString()], await PullAsync(emulator, "gcr"));
    }

    [Fact]
    public async Task Push_OfAnIndex_TellsEachChildByDigestFirst()
    {
        await using var emulator = await TestEmulator.StartAsync();
        await SubscribeAsync(emulator, "gcr");
        var index = TestImage.Index("amd64", "arm64");

        await new RegistryFixture(emulator).PushAsync(index, "v1");

        var child = Sample("ar-insert-digest.json");
        var told = await PullAsync(emulator, "gcr", 3);
        Assert.Equal(3, told.Count);
        foreach (var digest in index.Children.Select(image => image.Digest))
        {
            child["digest"] = $"{Registry}@{digest}";
            Assert.Contains(child.ToJsonString(), told);
        }
    }

    [Fact]
    public async Task DeleteVersion_WithATag_TellsBoth()
    {
        await using var emulator = await TestEmulator.StartAsync();
        var registry = new RegistryFixture(emulator);
        var image = TestImage.Single();
        await registry.PushAsync(image, "v1");
        await SubscribeAsync(emulator, "gcr");

        await registry.Client.DeleteVersionAsync(new() { Name = $"{RegistryFixture.Package}/versions/{image.Digest}", Force = true }, cancellationToken: TestEmulator.Stop);

        var (tag, digest) = (Sample("ar-delete-tag.json"), Sample("ar-delete-digest.json"));
        tag["tag"] = $"{Registry}:v1";
        digest["digest"] = $"{Registry}@{image.Digest}";
        Assert.Equal(new[] { tag.ToJsonString(), digest.ToJsonString() }.Order(), (await PullAsync(emulator, "gcr", 2)).Order());
    }

    [Fact]
    public async Task Occurrence_CreatedAndUpdated_IsToldTwice()
    {
        await using var emulator = await TestEmulator.StartAsync();
        await SubscribeAsync(emulator, "container-analysis-occurrences-v1");
        var grafeas = new GrafeasFixture(emulator);

        var scan = await grafeas.CreateAsync(GrafeasFixture.Scan(1));
        scan.Discovery.AnalysisStatus = DiscoveryOccurrence.Types.AnalysisStatus.FinishedSuccess;
        await grafeas.Client.UpdateOccurrenceAsync(new UpdateOccurrenceRequest { Name = scan.Name, Occurrence = scan, UpdateMask = new FieldMask { Paths = { "discovery" } } }, cancellationToken: TestEmulator.Stop);

        var told = (await PullAsync(emulator, "container-analysis-occurrences-v1", 2)).Select(text => JsonNode.Parse(text)!.AsObject()).ToList();
        Assert.Equal([(scan.Name, "DISCOVERY"), (scan.Name, "DISCOVERY")], told.Select(message => ((string)message["name"]!, (string)message["kind"]!)));
        Assert.All(told, message => Assert.Equal(Sample("container-analysis-notification.json").Select(member => member.Key), message.Select(member => member.Key)));
    }

    [Fact]
    public async Task Occurrence_Refused_IsNotTold()
    {
        await using var emulator = await TestEmulator.StartAsync();
        await SubscribeAsync(emulator, "container-analysis-occurrences-v1");
        var grafeas = await GrafeasFixture.StartAsync(emulator);
        await grafeas.CreateAsync(GrafeasFixture.Attestation(1));

        await Assert.ThrowsAsync<Grpc.Core.RpcException>(() => grafeas.CreateAsync(GrafeasFixture.Attestation(1)));

        Assert.Single(await PullAsync(emulator, "container-analysis-occurrences-v1"));
    }

    private static JsonObject Sample(string file) => JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "testdata", "events", file)))!.AsObject();

    private static async Task SubscribeAsync(TestEmulator emulator, string topic)
    {
        var name = $"projects/acme-prod/topics/{topic}";
        await new Publisher.PublisherClient(emulator.Channel).CreateTopicAsync(new Topic { Name = name }, cancellationToken: TestEmulator.Stop);
        await new Subscriber.SubscriberClient(emulator.Channel).CreateSubscriptionAsync(
            new Subscription { Name = $"projects/acme-prod/subscriptions/{topic}", Topic = name }, cancellationToken: TestEmulator.Stop);
    }

    // What is waiting; nothing is published after the calls above have been answered.
    private static async Task<IReadOnlyList<string>> PullAsync(TestEmulator emulator, string subscription, int atLeast = 1)
    {
        var subscriber = new Subscriber.SubscriberClient(emulator.Channel);
        List<string> messages = [];
        while (messages.Count < atLeast)
        {
            var pulled = await subscriber.PullAsync(new PullRequest { Subscription = $"projects/acme-prod/subscriptions/{subscription}", MaxMessages = 100 }, cancellationToken: TestEmulator.Stop);
            messages.AddRange(pulled.ReceivedMessages.Select(message => message.Message.Data.ToStringUtf8()));
        }

        return messages;
    }
}
