using System.Text.RegularExpressions;
using BinAuthz.Images;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Grpc.Net.Client;
using PubSub = Google.Cloud.PubSub.V1;

namespace BinAuthz.EndToEnd.Tests.Signing;

/// <summary>A thousand push events, a fifth of them duplicates, in a random order, while one in ten calls fails.</summary>
public sealed partial class UnreliableDeliveryTests
{
    private const int Approved = 600;
    private const int WithoutProvenance = 100;
    private const int FromElsewhere = 100;
    private const int Duplicates = 200;
    private const string Topic = "projects/acme-prod/topics/chaos";
    private const string DeadLetters = "projects/acme-prod/topics/chaos-dead";
    private const string Subscription = "projects/acme-prod/subscriptions/eventarc-us-central1-chaos";
    private const string DeadSubscription = "projects/acme-prod/subscriptions/chaos-dead";

    [Fact]
    public async Task Deliveries_FailingDuplicatedReordered_LeaveOneValidAttestationForEachApprovedImage()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var function = await FunctionWorld.StartAsync();
        var world = function.World;
        var approved = await PushAllAsync(world, Approved, built: true);
        var refused = (await PushAllAsync(world, WithoutProvenance, built: false))
            .Concat(await PushAllAsync(world, FromElsewhere, built: true, repository: "us-central1-docker.pkg.dev/acme-prod/other/server")).ToArray();
        using var channel = GrpcChannel.ForAddress(world.Emulator.GrpcEndpoint);
        var subscriptions = new PubSub.Subscriber.SubscriberClient(channel);
        await CreateRouteAsync(channel, subscriptions);
        var events = approved.Concat(refused).ToArray();
        await PublishAsync(channel, [.. events, .. events.Take(Duplicates)]);

        world.Emulator.Switches.ReorderDeliveries = true;
        world.Emulator.Faults.FailShare("*", StatusCode.Unavailable, 0.1, seed: 7);
        var push = new PubSub.ModifyPushConfigRequest { Subscription = Subscription, PushConfig = new PubSub.PushConfig { PushEndpoint = function.Address.ToString() } };
        await RetryAsync(() => subscriptions.ModifyPushConfigAsync(push, cancellationToken: cancellation).ResponseAsync);
        var handled = await Eventually.HoldsAsync(
            () => Task.FromResult(MessagesEnded(function.Log) == events.Length + Duplicates), TimeSpan.FromMinutes(5), TimeSpan.FromMilliseconds(500), cancellation);
        world.Emulator.Faults.Clear();

        Assert.True(handled, $"{MessagesEnded(function.Log)} of {events.Length + Duplicates} messages ended.");
        await AssertOneValidAttestationEachAsync(world, approved);
        Assert.Empty(await world.AttestationsAsync([.. refused.Select(image => image.Digest)]));
        var dead = await subscriptions.PullAsync(new PubSub.PullRequest { Subscription = DeadSubscription, MaxMessages = 10 }, cancellationToken: cancellation);
        Assert.Empty(dead.ReceivedMessages);
    }

    private static async Task AssertOneValidAttestationEachAsync(SigningWorld world, IReadOnlyList<ImageReference> approved)
    {
        var all = (await world.AttestationsAsync()).ToLookup(attestation => attestation.ResourceUri);
        Assert.Equal(approved.Count, all.Count);
        foreach (var image in approved)
        {
            var attestation = Assert.Single(all[image.ResourceUri]);
            Assert.Equal(world.Key.Version(1).PublicKeyId, Assert.Single(attestation.Signatures).PublicKeyId);
            Assert.True(await world.IsAcceptedAsync(attestation));
        }
    }

    private static async Task<IReadOnlyList<ImageReference>> PushAllAsync(SigningWorld world, int count, bool built, string repository = SigningWorld.Repository)
    {
        var images = new ImageReference[count];
        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = TestContext.Current.CancellationToken }, async (index, _) =>
        {
            images[index] = await world.PushAsync(repository: repository);
            if (built)
            {
                await world.BuildAsync(images[index]);
            }
        });
        return images;
    }

    private static async Task CreateRouteAsync(GrpcChannel channel, PubSub.Subscriber.SubscriberClient subscriptions)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var topics = new PubSub.Publisher.PublisherClient(channel);
        await topics.CreateTopicAsync(new PubSub.Topic { Name = Topic }, cancellationToken: cancellation);
        await topics.CreateTopicAsync(new PubSub.Topic { Name = DeadLetters }, cancellationToken: cancellation);
        await subscriptions.CreateSubscriptionAsync(new PubSub.Subscription { Name = DeadSubscription, Topic = DeadLetters }, cancellationToken: cancellation);
        await subscriptions.CreateSubscriptionAsync(
            new PubSub.Subscription
            {
                Name = Subscription,
                Topic = Topic,
                AckDeadlineSeconds = 60,
                RetryPolicy = new PubSub.RetryPolicy { MinimumBackoff = Duration.FromTimeSpan(TimeSpan.FromMilliseconds(100)), MaximumBackoff = Duration.FromTimeSpan(TimeSpan.FromSeconds(1)) },
                DeadLetterPolicy = new PubSub.DeadLetterPolicy { DeadLetterTopic = DeadLetters, MaxDeliveryAttempts = 20 },
            },
            cancellationToken: cancellation);
    }

    private static async Task PublishAsync(GrpcChannel channel, IReadOnlyList<ImageReference> images)
    {
        var request = new PubSub.PublishRequest { Topic = Topic };
        request.Messages.AddRange(images.Select(image => new PubSub.PubsubMessage { Data = ByteString.CopyFromUtf8($$"""{"action":"INSERT","digest":"{{image}}"}""") }));
        await new PubSub.Publisher.PublisherClient(channel).PublishAsync(request, cancellationToken: TestContext.Current.CancellationToken);
    }

    private static async Task RetryAsync(Func<Task> call)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await call();
                return;
            }
            catch (RpcException error) when (error.StatusCode == StatusCode.Unavailable && attempt < 20)
            {
                // The fault that this test asked for.
            }
        }
    }

    private static int MessagesEnded(LineLog log) => log.Lines.Select(line => Ended().Match(line)).Where(match => match.Success).Select(match => match.Groups[1].Value).Distinct().Count();

    [GeneratedRegex(@"Message (\S+) about \S+ for \S+ ended ")]
    private static partial Regex Ended();
}
