using System.Globalization;
using System.Text.Json.Nodes;
using Google.Cloud.PubSub.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.Time.Testing;

namespace BinAuthz.Emulator.Tests.PubSub;

public sealed class PushTests
{
    private const string Eventarc = "projects/acme-prod/subscriptions/eventarc-us-central1-signer-sub-042";

    [Fact]
    public async Task Push_Plain_HasThePublishedBodyOfPubSub()
    {
        await using var receiver = await PushReceiver.StartAsync();
        await using var pubsub = await PubSubFixture.StartAsync(new FakeTimeProvider(DateTimeOffset.Parse("2026-10-01T08:15:02.321Z", CultureInfo.InvariantCulture)));
        await pubsub.SubscribeAsync(subscription => subscription.PushConfig = new PushConfig { PushEndpoint = new Uri(receiver.Endpoint, "/push?token=1").ToString() });
        var expected = JsonNode.Parse(await File.ReadAllTextAsync("testdata/events/pubsub-push-raw.json", TestEmulator.Stop))!;

        var ids = await pubsub.PublishAsync([new PubsubMessage { Data = ByteString.FromBase64((string)expected["message"]!["data"]!) }]);
        var push = await receiver.NextAsync();

        expected["subscription"] = PubSubFixture.Name;
        expected["message"]!["messageId"] = ids[0];
        expected["message"]!["message_id"] = ids[0];
        Assert.Equal("/push", push.Path);
        Assert.Equal("application/json", push.Headers["Content-Type"]);
        Assert.DoesNotContain(push.Headers.Keys, name => name.StartsWith("ce-", StringComparison.OrdinalIgnoreCase));
        Assert.True(JsonNode.DeepEquals(expected, JsonNode.Parse(push.Body)), push.Body);
    }

    [Fact]
    public async Task Push_Eventarc_IsABinaryCloudEvent()
    {
        await using var receiver = await PushReceiver.StartAsync();
        await using var pubsub = await PubSubFixture.StartAsync();
        await pubsub.SubscribeAsync(subscription =>
        {
            subscription.Name = Eventarc;
            subscription.PushConfig = new PushConfig { PushEndpoint = receiver.Endpoint.ToString(), OidcToken = new PushConfig.Types.OidcToken { ServiceAccountEmail = "pusher@acme-prod.iam.gserviceaccount.com" } };
        });
        var names = JsonNode.Parse(await File.ReadAllTextAsync("testdata/events/cloudevent-pubsub-binary-headers.json", TestEmulator.Stop))!.AsObject().Select(pair => pair.Key);

        var ids = await pubsub.PublishAsync("x");
        var push = await receiver.NextAsync();

        Assert.All(names, name => Assert.Contains(name, push.Headers.Keys, StringComparer.OrdinalIgnoreCase));
        Assert.Equal(ids[0], push.Headers["ce-id"]);
        Assert.Equal($"//pubsub.googleapis.com/{PubSubFixture.Topic}", push.Headers["ce-source"]);
        Assert.Equal("google.cloud.pubsub.topic.v1.messagePublished", push.Headers["ce-type"]);
        Assert.Equal("1.0", push.Headers["ce-specversion"]);
        Assert.Equal((string?)JsonNode.Parse(push.Body)!["message"]!["publishTime"], push.Headers["ce-time"]);
        Assert.Equal("Bearer pusher@acme-prod.iam.gserviceaccount.com", push.Headers["Authorization"]);
        Assert.Equal(Eventarc, (string?)JsonNode.Parse(push.Body)!["subscription"]);
    }

    [Fact]
    public async Task Push_NoWrapper_BodyIsTheData()
    {
        await using var receiver = await PushReceiver.StartAsync();
        await using var pubsub = await PubSubFixture.StartAsync();
        await pubsub.SubscribeAsync(subscription => subscription.PushConfig = new PushConfig { PushEndpoint = receiver.Endpoint.ToString(), NoWrapper = new PushConfig.Types.NoWrapper { WriteMetadata = true } });

        var ids = await pubsub.PublishAsync([new PubsubMessage { Data = ByteString.CopyFromUtf8("bare"), Attributes = { ["action"] = "INSERT" } }]);
        var push = await receiver.NextAsync();

        Assert.Equal("bare", push.Body);
        Assert.Equal(ids[0], push.Headers["x-goog-pubsub-message-id"]);
        Assert.Equal(PubSubFixture.Name, push.Headers["x-goog-pubsub-subscription-name"]);
        Assert.Equal("INSERT", push.Headers["action"]);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(404)]
    [InlineData(302)]
    public async Task Push_NotAcknowledged_ComesAgainWithItsAttempt(int answer)
    {
        await using var receiver = await PushReceiver.StartAsync(answer, answer, 204);
        await using var pubsub = await PubSubFixture.StartAsync();
        await pubsub.SubscribeAsync(subscription =>
        {
            subscription.PushConfig = new PushConfig { PushEndpoint = receiver.Endpoint.ToString() };
            subscription.DeadLetterPolicy = new DeadLetterPolicy { DeadLetterTopic = PubSubFixture.Topic, MaxDeliveryAttempts = 5 };
        });

        await pubsub.PublishAsync("x");
        var attempts = new[] { await receiver.NextAsync(), await receiver.NextAsync(), await receiver.NextAsync() }.Select(push => (int)JsonNode.Parse(push.Body)!["deliveryAttempt"]!);

        Assert.Equal([1, 2, 3], attempts);
    }

    [Fact]
    public async Task Push_RetryPolicy_WaitsByTheClock()
    {
        var time = new FakeTimeProvider();
        await using var receiver = await PushReceiver.StartAsync(503);
        await using var pubsub = await PubSubFixture.StartAsync(time);
        await pubsub.SubscribeAsync(subscription =>
        {
            subscription.PushConfig = new PushConfig { PushEndpoint = receiver.Endpoint.ToString() };
            subscription.RetryPolicy = new RetryPolicy { MinimumBackoff = Duration.FromTimeSpan(TimeSpan.FromSeconds(10)) };
        });
        await pubsub.PublishAsync("x");
        await receiver.NextAsync();
        var second = receiver.NextAsync();

        while (!second.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        Assert.Contains("\"data\":\"eA==\"", (await second).Body, StringComparison.Ordinal);
        Assert.True(time.GetUtcNow() - time.Start >= TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task Push_SlowerThanTheDeadline_ComesAgain()
    {
        var time = new FakeTimeProvider();
        var hang = new TaskCompletionSource<int>();
        await using var receiver = await PushReceiver.StartAsync(_ => hang.Task);
        await using var pubsub = await PubSubFixture.StartAsync(time);
        await pubsub.SubscribeAsync(subscription => subscription.PushConfig = new PushConfig { PushEndpoint = receiver.Endpoint.ToString() });
        await pubsub.PublishAsync("x");
        var first = await receiver.NextAsync();
        var second = receiver.NextAsync();

        while (!second.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        hang.SetResult(200);
        Assert.Equal(first.Body, (await second).Body);
    }

    [Fact]
    public async Task Push_ManyMessages_StaysWithinTheLimit()
    {
        var release = new TaskCompletionSource<int>();
        await using var receiver = await PushReceiver.StartAsync(_ => release.Task);
        await using var pubsub = await PubSubFixture.StartAsync();
        await pubsub.SubscribeAsync(subscription => subscription.PushConfig = new PushConfig { PushEndpoint = receiver.Endpoint.ToString() });
        await pubsub.PublishAsync([.. Enumerable.Range(0, 200).Select(number => $"{number}")]);

        var bodies = new HashSet<string>();
        for (var count = 0; count < 64; count++)
        {
            bodies.Add((await receiver.NextAsync()).Body);
        }

        Assert.Equal(0, receiver.Waiting);
        release.SetResult(200);
        while (bodies.Count < 200)
        {
            bodies.Add((await receiver.NextAsync()).Body);
        }

        Assert.Equal(200, bodies.Count);
    }

    [Fact]
    public async Task ModifyPushConfig_FromPullToPush_PushesWhatWaits()
    {
        await using var receiver = await PushReceiver.StartAsync();
        await using var pubsub = await PubSubFixture.StartAsync();
        await pubsub.SubscribeAsync();
        await pubsub.PublishAsync("x");

        await pubsub.Subscriber.ModifyPushConfigAsync(new ModifyPushConfigRequest { Subscription = PubSubFixture.Name, PushConfig = new PushConfig { PushEndpoint = receiver.Endpoint.ToString() } }, cancellationToken: TestEmulator.Stop);

        Assert.Contains("\"data\":\"eA==\"", (await receiver.NextAsync()).Body, StringComparison.Ordinal);
    }
}
