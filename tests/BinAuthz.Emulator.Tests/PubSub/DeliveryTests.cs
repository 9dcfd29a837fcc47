using Google.Cloud.PubSub.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.Extensions.Time.Testing;

namespace BinAuthz.Emulator.Tests.PubSub;

public sealed class DeliveryTests
{
    private readonly FakeTimeProvider time = new(DateTimeOffset.Parse("2026-10-01T08:15:02.321Z", System.Globalization.CultureInfo.InvariantCulture));

    [Fact]
    public async Task Pull_Published_HandsOutWhatWasPublished()
    {
        await using var pubsub = await PubSubFixture.StartAsync(time);
        await pubsub.SubscribeAsync();
        var ids = await pubsub.PublishAsync([new PubsubMessage { Data = ByteString.CopyFromUtf8("x"), Attributes = { ["action"] = "INSERT" } }]);

        var received = Assert.Single(await pubsub.PullAsync());

        Assert.Equal(ids[0], received.Message.MessageId);
        Assert.Equal("x", PubSubFixture.Text(received));
        Assert.Equal("INSERT", received.Message.Attributes["action"]);
        Assert.Equal(time.GetUtcNow(), received.Message.PublishTime.ToDateTimeOffset());
        Assert.Equal(0, received.DeliveryAttempt);
    }

    [Fact]
    public async Task Pull_Acknowledged_IsNotHandedOutAgain()
    {
        await using var pubsub = await PubSubFixture.StartAsync(time);
        await pubsub.SubscribeAsync();
        await pubsub.PublishAsync("x");

        await pubsub.AcknowledgeAsync(await pubsub.PullAsync());
        time.Advance(TimeSpan.FromMinutes(5));

        Assert.Empty(await pubsub.PullAsync());
    }

    [Fact]
    public async Task Pull_DeadlineExpired_IsHandedOutAgain()
    {
        await using var pubsub = await PubSubFixture.StartAsync(time);
        await pubsub.SubscribeAsync();
        await pubsub.PublishAsync("x");
        Assert.Equal(["x"], await pubsub.PullTextsAsync());

        time.Advance(TimeSpan.FromSeconds(9));
        Assert.Empty(await pubsub.PullAsync());
        time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(["x"], await pubsub.PullTextsAsync());
    }

    [Fact]
    public async Task ModifyAckDeadline_Longer_KeepsTheLease()
    {
        await using var pubsub = await PubSubFixture.StartAsync(time);
        await pubsub.SubscribeAsync();
        await pubsub.PublishAsync("x");
        var request = new ModifyAckDeadlineRequest { Subscription = PubSubFixture.Name, AckDeadlineSeconds = 60 };
        request.AckIds.Add((await pubsub.PullAsync()).Select(message => message.AckId));

        await pubsub.Subscriber.ModifyAckDeadlineAsync(request, cancellationToken: TestEmulator.Stop);
        time.Advance(TimeSpan.FromSeconds(59));
        Assert.Empty(await pubsub.PullAsync());
        time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(["x"], await pubsub.PullTextsAsync());
    }

    [Fact]
    public async Task ModifyAckDeadline_ZeroWithoutPolicy_IsHandedOutAtOnce()
    {
        await using var pubsub = await PubSubFixture.StartAsync(time);
        await pubsub.SubscribeAsync();
        await pubsub.PublishAsync("x");

        await pubsub.RefuseAsync(await pubsub.PullAsync());

        Assert.Equal(["x"], await pubsub.PullTextsAsync());
    }

    [Fact]
    public async Task ModifyAckDeadline_ZeroWithRetryPolicy_WaitsExponentially()
    {
        await using var pubsub = await PubSubFixture.StartAsync(time);
        await pubsub.SubscribeAsync(subscription => subscription.RetryPolicy = new RetryPolicy { MinimumBackoff = Seconds(10), MaximumBackoff = Seconds(30) });
        await pubsub.PublishAsync("x");
        var received = await pubsub.PullAsync();
        var waits = new List<int>();

        for (var attempt = 0; attempt < 4; attempt++)
        {
            await pubsub.RefuseAsync(received);
            (received, var seconds) = await NextAsync(pubsub);
            waits.Add(seconds);
        }

        Assert.Equal([10, 20, 30, 30], waits);
    }

    [Fact]
    public async Task Pull_DeadLetterPolicy_CountsAttemptsAndForwards()
    {
        await using var pubsub = await PubSubFixture.StartAsync(time);
        await pubsub.Publisher.CreateTopicAsync(new Topic { Name = "projects/acme-prod/topics/image-dlq" }, cancellationToken: TestEmulator.Stop);
        await pubsub.SubscribeAsync(subscription => subscription.DeadLetterPolicy = new DeadLetterPolicy { DeadLetterTopic = "projects/acme-prod/topics/image-dlq", MaxDeliveryAttempts = 5 });
        await pubsub.Subscriber.CreateSubscriptionAsync(new Subscription { Name = "projects/acme-prod/subscriptions/dead", Topic = "projects/acme-prod/topics/image-dlq" }, cancellationToken: TestEmulator.Stop);
        await pubsub.PublishAsync([new PubsubMessage { Data = ByteString.CopyFromUtf8("poison"), Attributes = { ["a"] = "b" } }]);
        var attempts = new List<int>();

        while (await pubsub.PullAsync() is { Count: > 0 } received)
        {
            attempts.Add(received[0].DeliveryAttempt);
            await pubsub.RefuseAsync(received);
        }

        var dead = Assert.Single(await pubsub.PullAsync("projects/acme-prod/subscriptions/dead")).Message;
        Assert.Equal([1, 2, 3, 4, 5], attempts);
        Assert.Equal("poison", dead.Data.ToStringUtf8());
        Assert.Equal("b", dead.Attributes["a"]);
        Assert.Equal("5", dead.Attributes["CloudPubSubDeadLetterSourceDeliveryCount"]);
        Assert.Equal("signer", dead.Attributes["CloudPubSubDeadLetterSourceSubscription"]);
        Assert.Equal("acme-prod", dead.Attributes["CloudPubSubDeadLetterSourceSubscriptionProject"]);
        Assert.Equal("2026-10-01T08:15:02.321+00:00", dead.Attributes["CloudPubSubDeadLetterSourceTopicPublishTime"]);
    }

    [Fact]
    public async Task Pull_DeadLetterTopicMissing_GoesOnDelivering()
    {
        await using var pubsub = await PubSubFixture.StartAsync(time);
        await pubsub.SubscribeAsync(subscription => subscription.DeadLetterPolicy = new DeadLetterPolicy { DeadLetterTopic = "projects/acme-prod/topics/nope", MaxDeliveryAttempts = 5 });
        await pubsub.PublishAsync("x");

        for (var attempt = 0; attempt < 6; attempt++)
        {
            await pubsub.RefuseAsync(await pubsub.PullAsync());
        }

        Assert.Equal(7, Assert.Single(await pubsub.PullAsync()).DeliveryAttempt);
    }

    [Fact]
    public async Task Pull_OrderingKeys_OneOfEachKeyAtATimeInOrder()
    {
        await using var pubsub = await PubSubFixture.StartAsync(time);
        await pubsub.SubscribeAsync(subscription => subscription.EnableMessageOrdering = true);
        await pubsub.PublishAsync(from text in new[] { "a1", "b1", "a2", "a3" } select new PubsubMessage { Data = ByteString.CopyFromUtf8(text), OrderingKey = text[..1] });

        var first = await pubsub.PullAsync();
        await pubsub.RefuseAsync(first.Where(message => PubSubFixture.Text(message) == "a1"));
        var again = await pubsub.PullAsync();
        await pubsub.AcknowledgeAsync(again);
        var second = await pubsub.PullAsync();
        await pubsub.AcknowledgeAsync(second);

        Assert.Equal(["a1", "b1"], first.Select(PubSubFixture.Text));
        Assert.Equal(["a1"], again.Select(PubSubFixture.Text));
        Assert.Equal(["a2"], second.Select(PubSubFixture.Text));
        Assert.Equal(["a3"], await pubsub.PullTextsAsync());
    }

    [Fact]
    public async Task Acknowledge_ForeignId_InvalidArgument()
    {
        await using var pubsub = await PubSubFixture.StartAsync(time);
        await pubsub.SubscribeAsync();

        var error = await TestEmulator.FailureAsync(pubsub.Subscriber.AcknowledgeAsync(new AcknowledgeRequest { Subscription = PubSubFixture.Name, AckIds = { "nonsense" } }, cancellationToken: TestEmulator.Stop));

        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
    }

    [Fact]
    public async Task Acknowledge_ExpiredWithExactlyOnce_FailedPrecondition()
    {
        await using var pubsub = await PubSubFixture.StartAsync(time);
        await pubsub.SubscribeAsync(subscription => subscription.EnableExactlyOnceDelivery = true);
        await pubsub.PublishAsync("x");
        var received = await pubsub.PullAsync();
        time.Advance(TimeSpan.FromSeconds(11));

        var error = await Assert.ThrowsAsync<RpcException>(() => pubsub.AcknowledgeAsync(received));

        Assert.Equal(StatusCode.FailedPrecondition, error.StatusCode);
        Assert.Equal(["x"], await pubsub.PullTextsAsync());
    }

    [Fact]
    public async Task Pull_OlderThanRetention_IsDropped()
    {
        await using var pubsub = await PubSubFixture.StartAsync(time);
        await pubsub.SubscribeAsync();
        await pubsub.PublishAsync("old");

        time.Advance(TimeSpan.FromDays(8));

        Assert.Empty(await pubsub.PullAsync());
    }

    [Fact]
    public async Task Seek_TimeBeforeAcknowledged_BringsRetainedBack()
    {
        await using var pubsub = await PubSubFixture.StartAsync(time);
        await pubsub.SubscribeAsync(subscription => subscription.RetainAckedMessages = true);
        await pubsub.PublishAsync("first");
        time.Advance(TimeSpan.FromMinutes(1));
        var between = time.GetUtcNow();
        await pubsub.PublishAsync("second");
        await pubsub.AcknowledgeAsync(await pubsub.PullAsync());

        await pubsub.Subscriber.SeekAsync(new SeekRequest { Subscription = PubSubFixture.Name, Time = Timestamp.FromDateTimeOffset(between) }, cancellationToken: TestEmulator.Stop);

        Assert.Equal(["second"], await pubsub.PullTextsAsync());
    }

    [Fact]
    public async Task Seek_TimeAhead_AcknowledgesEverything()
    {
        await using var pubsub = await PubSubFixture.StartAsync(time);
        await pubsub.SubscribeAsync();
        await pubsub.PublishAsync("x");

        await pubsub.Subscriber.SeekAsync(new SeekRequest { Subscription = PubSubFixture.Name, Time = Timestamp.FromDateTimeOffset(time.GetUtcNow().AddDays(1)) }, cancellationToken: TestEmulator.Stop);

        Assert.Empty(await pubsub.PullAsync());
    }

    [Fact]
    public async Task Seek_Snapshot_RestoresWhatWasOutstandingThen()
    {
        await using var pubsub = await PubSubFixture.StartAsync(time);
        await pubsub.SubscribeAsync();
        await pubsub.PublishAsync("done");
        await pubsub.AcknowledgeAsync(await pubsub.PullAsync());
        await pubsub.PublishAsync("outstanding");
        await pubsub.Subscriber.CreateSnapshotAsync(new CreateSnapshotRequest { Name = "projects/acme-prod/snapshots/before-deploy", Subscription = PubSubFixture.Name }, cancellationToken: TestEmulator.Stop);
        await pubsub.PublishAsync("later");
        await pubsub.AcknowledgeAsync(await pubsub.PullAsync());

        await pubsub.Subscriber.SeekAsync(new SeekRequest { Subscription = PubSubFixture.Name, Snapshot = "projects/acme-prod/snapshots/before-deploy" }, cancellationToken: TestEmulator.Stop);

        Assert.Equal(["outstanding", "later"], await pubsub.PullTextsAsync());
    }

    [Fact]
    public async Task Acknowledge_DuplicateDeliveries_DeliversOnceMore()
    {
        await using var pubsub = await PubSubFixture.StartAsync(time);
        pubsub.Emulator.Host.Switches.DuplicateDeliveries = 1;
        await pubsub.SubscribeAsync();
        await pubsub.PublishAsync("x");
        var deliveries = 0;

        while (await pubsub.PullAsync() is { Count: > 0 } received)
        {
            deliveries += received.Count;
            await pubsub.AcknowledgeAsync(received);
        }

        Assert.Equal(2, deliveries);
    }

    [Fact]
    public async Task Pull_ReorderDeliveries_HandsOutAllInAnotherOrder()
    {
        await using var pubsub = await PubSubFixture.StartAsync(time);
        pubsub.Emulator.Host.Switches.ReorderDeliveries = true;
        await pubsub.SubscribeAsync();
        var published = Enumerable.Range(0, 100).Select(number => $"{number:D3}").ToArray();
        await pubsub.PublishAsync(published);

        var received = await pubsub.PullTextsAsync();

        Assert.Equal(published, received.Order(StringComparer.Ordinal));
        Assert.NotEqual(published, received);
    }

    private static Duration Seconds(int seconds) => Duration.FromTimeSpan(TimeSpan.FromSeconds(seconds));

    private async Task<(IReadOnlyList<ReceivedMessage> Received, int Seconds)> NextAsync(PubSubFixture pubsub)
    {
        for (var seconds = 0; seconds < 100; seconds++)
        {
            if (await pubsub.PullAsync() is { Count: > 0 } received)
            {
                return (received, seconds);
            }

            time.Advance(TimeSpan.FromSeconds(1));
        }

        return ([], -1);
    }
}
