using Google.Cloud.PubSub.V1;
using Google.Protobuf;

namespace BinAuthz.Emulator.Tests.PubSub;

public sealed class WaitingPullTests
{
    [Fact]
    public async Task Pull_NothingThere_AnswersEmpty()
    {
        await using var pubsub = await PubSubFixture.StartAsync();
        await pubsub.SubscribeAsync();

        var (status, json) = await pubsub.Emulator.SendAsync(HttpMethod.Post, $"/v1/{PubSubFixture.Name}:pull", """{"maxMessages":1,"returnImmediately":false}""");

        Assert.Equal(200, status);
        Assert.Equal("{}", json.ToJsonString());
    }

    [Fact]
    public async Task Pull_PublishedDuringTheWait_AnswersWithIt()
    {
        await using var pubsub = await PubSubFixture.StartAsync();
        await pubsub.SubscribeAsync();
        var pull = PullUntilSomethingAsync(pubsub);

        await pubsub.PublishAsync("late");

        Assert.Equal("late", PubSubFixture.Text(await pull));
    }

    [Fact]
    public async Task StreamingPull_AcknowledgedOnTheStream_EachOnce()
    {
        await using var pubsub = await PubSubFixture.StartAsync();
        await pubsub.SubscribeAsync();
        using var stream = pubsub.Subscriber.StreamingPull(cancellationToken: TestEmulator.Stop);
        await stream.RequestStream.WriteAsync(new StreamingPullRequest { Subscription = PubSubFixture.Name, StreamAckDeadlineSeconds = 60, MaxOutstandingMessages = 3 }, TestEmulator.Stop);
        await pubsub.PublishAsync([.. Enumerable.Range(0, 10).Select(number => $"{number}")]);
        var texts = new List<string>();

        while (texts.Count < 10 && await stream.ResponseStream.MoveNext(TestEmulator.Stop))
        {
            var received = stream.ResponseStream.Current.ReceivedMessages;
            Assert.InRange(received.Count, 1, 3);
            texts.AddRange(received.Select(PubSubFixture.Text));
            await stream.RequestStream.WriteAsync(new StreamingPullRequest { AckIds = { received.Select(message => message.AckId) } }, TestEmulator.Stop);
        }

        await stream.RequestStream.CompleteAsync();
        Assert.False(await stream.ResponseStream.MoveNext(TestEmulator.Stop));
        Assert.Equal(Enumerable.Range(0, 10).Select(number => $"{number}"), texts);
        Assert.Empty(await pubsub.PullAsync());
    }

    [Fact]
    public async Task StreamingPull_RefusedOnTheStream_ComesAgain()
    {
        await using var pubsub = await PubSubFixture.StartAsync();
        await pubsub.SubscribeAsync();
        await pubsub.PublishAsync([new PubsubMessage { Data = ByteString.CopyFromUtf8("x") }]);
        using var stream = pubsub.Subscriber.StreamingPull(cancellationToken: TestEmulator.Stop);
        await stream.RequestStream.WriteAsync(new StreamingPullRequest { Subscription = PubSubFixture.Name, StreamAckDeadlineSeconds = 60 }, TestEmulator.Stop);
        Assert.True(await stream.ResponseStream.MoveNext(TestEmulator.Stop));
        var first = stream.ResponseStream.Current.ReceivedMessages[0];

        await stream.RequestStream.WriteAsync(new StreamingPullRequest { ModifyDeadlineAckIds = { first.AckId }, ModifyDeadlineSeconds = { 0 } }, TestEmulator.Stop);

        Assert.True(await stream.ResponseStream.MoveNext(TestEmulator.Stop));
        Assert.Equal(first.Message.MessageId, stream.ResponseStream.Current.ReceivedMessages[0].Message.MessageId);
    }

    private static async Task<ReceivedMessage> PullUntilSomethingAsync(PubSubFixture pubsub)
    {
        while (true)
        {
            var response = await pubsub.Subscriber.PullAsync(new PullRequest { Subscription = PubSubFixture.Name, MaxMessages = 1 }, cancellationToken: TestEmulator.Stop);
            if (response.ReceivedMessages.Count > 0)
            {
                return response.ReceivedMessages[0];
            }
        }
    }
}
