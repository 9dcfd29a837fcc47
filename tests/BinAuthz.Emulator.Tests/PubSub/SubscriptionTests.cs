using Google.Cloud.PubSub.V1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace BinAuthz.Emulator.Tests.PubSub;

public sealed class SubscriptionTests
{
    [Fact]
    public async Task CreateSubscription_Defaults_AreThoseOfPubSub()
    {
        await using var pubsub = await PubSubFixture.StartAsync();

        var (status, json) = await pubsub.Emulator.SendAsync(HttpMethod.Put, $"/v1/{PubSubFixture.Name}", $$"""{"topic":"{{PubSubFixture.Topic}}"}""");

        Assert.Equal(200, status);
        Assert.Equal(10, (int)json["ackDeadlineSeconds"]!);
        Assert.Equal("604800s", (string?)json["messageRetentionDuration"]);
        Assert.Equal("2678400s", (string?)json["expirationPolicy"]!["ttl"]);
        Assert.Equal("ACTIVE", (string?)json["state"]);
        Assert.Equal("{}", json["pushConfig"]!.ToJsonString());
    }

    [Fact]
    public async Task CreateSubscription_UnknownTopic_NotFound()
    {
        await using var pubsub = await PubSubFixture.StartAsync();

        var error = await Assert.ThrowsAsync<RpcException>(() => pubsub.SubscribeAsync(subscription => subscription.Topic = "projects/acme-prod/topics/nope"));

        Assert.Equal(StatusCode.NotFound, error.StatusCode);
    }

    public static TheoryData<string, Subscription> Refused => new()
    {
        { "ack_deadline_seconds=9", new Subscription { AckDeadlineSeconds = 9 } },
        { "ack_deadline_seconds=601", new Subscription { AckDeadlineSeconds = 601 } },
        { "message_retention_duration", new Subscription { MessageRetentionDuration = Duration.FromTimeSpan(TimeSpan.FromMinutes(9)) } },
        { "max_delivery_attempts is 4", new Subscription { DeadLetterPolicy = new DeadLetterPolicy { DeadLetterTopic = PubSubFixture.Topic, MaxDeliveryAttempts = 4 } } },
        { "retry_policy", new Subscription { RetryPolicy = new RetryPolicy { MaximumBackoff = Duration.FromTimeSpan(TimeSpan.FromSeconds(601)) } } },
        { "endpoint=ftp://example.com", new Subscription { PushConfig = new PushConfig { PushEndpoint = "ftp://example.com" } } },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task CreateSubscription_OutOfBounds_InvalidArgument(string sentence, Subscription settings)
    {
        await using var pubsub = await PubSubFixture.StartAsync();

        var error = await Assert.ThrowsAsync<RpcException>(() => pubsub.SubscribeAsync(subscription => subscription.MergeFrom(settings)));

        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        Assert.Contains(sentence, error.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task UpdateSubscription_GcloudBody_AppliesTheMaskAlone()
    {
        await using var pubsub = await PubSubFixture.StartAsync();
        await pubsub.SubscribeAsync(subscription => subscription.Filter = "attributes:a");

        var (status, json) = await pubsub.Emulator.SendAsync(HttpMethod.Patch, $"/v1/{PubSubFixture.Name}", $$$"""
            {"subscription":{"name":"{{{PubSubFixture.Name}}}","ackDeadlineSeconds":60,"pushConfig":{"pushEndpoint":"http://127.0.0.1:1/x"},"labels":{"a":"b"}},"updateMask":"ackDeadlineSeconds,pushConfig"}
            """);

        Assert.Equal(200, status);
        Assert.Equal(60, (int)json["ackDeadlineSeconds"]!);
        Assert.Equal("http://127.0.0.1:1/x", (string?)json["pushConfig"]!["pushEndpoint"]);
        Assert.Null(json["labels"]);
    }

    [Theory]
    [InlineData("filter")]
    [InlineData("topic")]
    [InlineData("enable_message_ordering")]
    public async Task UpdateSubscription_FixedField_InvalidArgument(string path)
    {
        await using var pubsub = await PubSubFixture.StartAsync();
        var request = new UpdateSubscriptionRequest { Subscription = await pubsub.SubscribeAsync(), UpdateMask = new FieldMask { Paths = { path } } };

        var error = await TestEmulator.FailureAsync(pubsub.Subscriber.UpdateSubscriptionAsync(request, cancellationToken: TestEmulator.Stop));

        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        Assert.Contains(path, error.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DeleteSubscription_CreatedAgain_StartsEmpty()
    {
        await using var pubsub = await PubSubFixture.StartAsync();
        await pubsub.SubscribeAsync();
        await pubsub.PublishAsync("old");

        await pubsub.Subscriber.DeleteSubscriptionAsync(new DeleteSubscriptionRequest { Subscription = PubSubFixture.Name }, cancellationToken: TestEmulator.Stop);
        await pubsub.SubscribeAsync();

        Assert.Empty(await pubsub.PullAsync());
    }
}
