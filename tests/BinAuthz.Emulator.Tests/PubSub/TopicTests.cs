using Google.Cloud.PubSub.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace BinAuthz.Emulator.Tests.PubSub;

public sealed class TopicTests
{
    [Fact]
    public async Task CreateTopic_TakenName_AlreadyExists()
    {
        await using var pubsub = await PubSubFixture.StartAsync();

        var (status, json) = await pubsub.Emulator.SendAsync(HttpMethod.Put, $"/v1/{PubSubFixture.Topic}", "{}");

        Assert.Equal(409, status);
        Assert.Equal("ALREADY_EXISTS", (string?)json["error"]!["status"]);
    }

    [Theory]
    [InlineData("projects/acme-prod/topics/ab")]
    [InlineData("projects/acme-prod/topics/1abc")]
    [InlineData("projects/acme-prod/topics/google-events")]
    [InlineData("projects/acme-prod/topics/a b c")]
    [InlineData("projects/acme-prod/subscriptions/events")]
    public async Task CreateTopic_InvalidName_InvalidArgument(string name)
    {
        await using var pubsub = await PubSubFixture.StartAsync();

        var error = await TestEmulator.FailureAsync(pubsub.Publisher.CreateTopicAsync(new Topic { Name = name }, cancellationToken: TestEmulator.Stop));

        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        Assert.Contains(name, error.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ListTopics_MoreThanAPage_FollowsTheToken()
    {
        await using var pubsub = await PubSubFixture.StartAsync();
        await pubsub.Publisher.CreateTopicAsync(new Topic { Name = "projects/acme-prod/topics/image-dlq" }, cancellationToken: TestEmulator.Stop);
        await pubsub.Publisher.CreateTopicAsync(new Topic { Name = "projects/other/topics/image-dlq" }, cancellationToken: TestEmulator.Stop);

        var first = await pubsub.Publisher.ListTopicsAsync(new ListTopicsRequest { Project = "projects/acme-prod", PageSize = 1 }, cancellationToken: TestEmulator.Stop);
        var second = await pubsub.Publisher.ListTopicsAsync(new ListTopicsRequest { Project = "projects/acme-prod", PageSize = 1, PageToken = first.NextPageToken }, cancellationToken: TestEmulator.Stop);

        Assert.Equal(["projects/acme-prod/topics/image-dlq", PubSubFixture.Topic], first.Topics.Concat(second.Topics).Select(topic => topic.Name));
        Assert.Empty(second.NextPageToken);
    }

    [Fact]
    public async Task DeleteTopic_WithSubscription_LeavesItWithItsMessages()
    {
        await using var pubsub = await PubSubFixture.StartAsync();
        await pubsub.SubscribeAsync();
        await pubsub.PublishAsync("before");

        await pubsub.Publisher.DeleteTopicAsync(new DeleteTopicRequest { Topic = PubSubFixture.Topic }, cancellationToken: TestEmulator.Stop);

        var subscription = await pubsub.Subscriber.GetSubscriptionAsync(new GetSubscriptionRequest { Subscription = PubSubFixture.Name }, cancellationToken: TestEmulator.Stop);
        Assert.Equal("_deleted-topic_", subscription.Topic);
        Assert.Equal(["before"], await pubsub.PullTextsAsync());
    }

    [Fact]
    public async Task DeleteTopic_CreatedAgain_DoesNotReachTheOldSubscription()
    {
        await using var pubsub = await PubSubFixture.StartAsync();
        await pubsub.SubscribeAsync();
        await pubsub.Publisher.DeleteTopicAsync(new DeleteTopicRequest { Topic = PubSubFixture.Topic }, cancellationToken: TestEmulator.Stop);

        await pubsub.Publisher.CreateTopicAsync(new Topic { Name = PubSubFixture.Topic }, cancellationToken: TestEmulator.Stop);
        await pubsub.PublishAsync("after");

        Assert.Empty(await pubsub.PullAsync());
    }

    [Fact]
    public async Task DetachSubscription_WithMessages_DropsThemAndRefusesPulls()
    {
        await using var pubsub = await PubSubFixture.StartAsync();
        await pubsub.SubscribeAsync();
        await pubsub.PublishAsync("before");

        await pubsub.Publisher.DetachSubscriptionAsync(new DetachSubscriptionRequest { Subscription = PubSubFixture.Name }, cancellationToken: TestEmulator.Stop);

        var error = await Assert.ThrowsAsync<RpcException>(() => pubsub.PullAsync());
        var attached = await pubsub.Publisher.ListTopicSubscriptionsAsync(new ListTopicSubscriptionsRequest { Topic = PubSubFixture.Topic }, cancellationToken: TestEmulator.Stop);
        Assert.Equal(StatusCode.FailedPrecondition, error.StatusCode);
        Assert.Empty(attached.Subscriptions);
    }

    [Fact]
    public async Task UpdateTopic_Mask_ChangesOnlyWhatItNames()
    {
        await using var pubsub = await PubSubFixture.StartAsync();
        var wanted = new Topic { Name = PubSubFixture.Topic, Labels = { ["a"] = "b" }, MessageRetentionDuration = Duration.FromTimeSpan(TimeSpan.FromDays(1)) };

        var updated = await pubsub.Publisher.UpdateTopicAsync(new UpdateTopicRequest { Topic = wanted, UpdateMask = new FieldMask { Paths = { "labels" } } }, cancellationToken: TestEmulator.Stop);

        Assert.Equal("b", updated.Labels["a"]);
        Assert.Null(updated.MessageRetentionDuration);
    }

    [Fact]
    public async Task Publish_UnknownTopic_NotFound()
    {
        await using var pubsub = await PubSubFixture.StartAsync();
        var request = new PublishRequest { Topic = "projects/acme-prod/topics/nope", Messages = { new PubsubMessage { Data = ByteString.CopyFromUtf8("x") } } };

        var error = await TestEmulator.FailureAsync(pubsub.Publisher.PublishAsync(request, cancellationToken: TestEmulator.Stop));

        Assert.Equal(StatusCode.NotFound, error.StatusCode);
        Assert.Equal("Resource not found (resource=nope).", error.Status.Detail);
    }

    public static TheoryData<string, PubsubMessage> Refused => new()
    {
        { "neither data nor attributes", new PubsubMessage() },
        { "a key that begins with goog", new PubsubMessage { Attributes = { ["googclient"] = "x" } } },
        { "an empty key", new PubsubMessage { Attributes = { [""] = "x" } } },
        { "a long key", new PubsubMessage { Attributes = { [new string('k', 257)] = "x" } } },
        { "a long value", new PubsubMessage { Attributes = { ["k"] = new string('v', 1025) } } },
        { "a long ordering key", new PubsubMessage { Data = ByteString.CopyFromUtf8("x"), OrderingKey = new string('o', 1025) } },
        { "too many bytes", new PubsubMessage { Data = ByteString.CopyFrom(new byte[10_000_001]) } },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task Publish_BeyondALimit_InvalidArgument(string limit, PubsubMessage message)
    {
        await using var pubsub = await PubSubFixture.StartAsync();

        var error = await Assert.ThrowsAsync<RpcException>(() => pubsub.PublishAsync([message]));

        Assert.True(error.StatusCode == StatusCode.InvalidArgument, limit);
    }

    [Fact]
    public async Task Publish_AttributesAtTheLimit_Accepted()
    {
        await using var pubsub = await PubSubFixture.StartAsync();
        var message = new PubsubMessage();
        message.Attributes.Add(Enumerable.Range(0, 100).ToDictionary(number => $"k{number}", _ => new string('v', 1024)));

        Assert.Single(await pubsub.PublishAsync([message]));
        message.Attributes["one-more"] = "v";
        Assert.Equal(StatusCode.InvalidArgument, (await Assert.ThrowsAsync<RpcException>(() => pubsub.PublishAsync([message]))).StatusCode);
    }
}
