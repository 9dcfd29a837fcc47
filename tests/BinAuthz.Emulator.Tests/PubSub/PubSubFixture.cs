using Google.Cloud.PubSub.V1;
using Google.Protobuf;
using Microsoft.Extensions.Time.Testing;

namespace BinAuthz.Emulator.Tests.PubSub;

/// <summary>An emulator with the topic and the clients that Pub/Sub tests need; a clock given in stands still until it is moved.</summary>
public sealed class PubSubFixture : IAsyncDisposable
{
    public const string Topic = "projects/acme-prod/topics/image-events";
    public const string Name = "projects/acme-prod/subscriptions/signer";

    private PubSubFixture(TestEmulator emulator)
    {
        Emulator = emulator;
        Publisher = new Publisher.PublisherClient(emulator.Channel);
        Subscriber = new Subscriber.SubscriberClient(emulator.Channel);
    }

    public TestEmulator Emulator { get; }

    public Publisher.PublisherClient Publisher { get; }

    public Subscriber.SubscriberClient Subscriber { get; }

    public static CancellationToken Stop => TestEmulator.Stop;

    public static async Task<PubSubFixture> StartAsync(FakeTimeProvider? time = null, string? data = null)
    {
        var fixture = new PubSubFixture(await TestEmulator.StartAsync(new EmulatorOptions { TimeProvider = time ?? TimeProvider.System, DataDirectory = data }));
        if (data is null)
        {
            await fixture.Publisher.CreateTopicAsync(new Topic { Name = Topic }, cancellationToken: Stop);
        }

        return fixture;
    }

    public async Task<Subscription> SubscribeAsync(Action<Subscription>? configure = null)
    {
        var subscription = new Subscription { Name = Name, Topic = Topic };
        configure?.Invoke(subscription);
        return await Subscriber.CreateSubscriptionAsync(subscription, cancellationToken: Stop);
    }

    public async Task<IReadOnlyList<string>> PublishAsync(params string[] texts) => await PublishAsync(texts.Select(text => new PubsubMessage { Data = ByteString.CopyFromUtf8(text) }));

    public async Task<IReadOnlyList<string>> PublishAsync(IEnumerable<PubsubMessage> messages) =>
        (await Publisher.PublishAsync(new PublishRequest { Topic = Topic, Messages = { messages } }, cancellationToken: Stop)).MessageIds;

    /// <summary>What is ready now.</summary>
    public async Task<IReadOnlyList<ReceivedMessage>> PullAsync(string subscription = Name, int max = 1000)
    {
#pragma warning disable CS0612 // A standing clock does not end a wait.
        var request = new PullRequest { Subscription = subscription, MaxMessages = max, ReturnImmediately = true };
#pragma warning restore CS0612
        return (await Subscriber.PullAsync(request, cancellationToken: Stop)).ReceivedMessages;
    }

    public async Task<IReadOnlyList<string>> PullTextsAsync(string subscription = Name) => [.. (await PullAsync(subscription)).Select(Text)];

    public async Task AcknowledgeAsync(IEnumerable<ReceivedMessage> messages, string subscription = Name) =>
        await Subscriber.AcknowledgeAsync(new AcknowledgeRequest { Subscription = subscription, AckIds = { messages.Select(message => message.AckId) } }, cancellationToken: Stop);

    public async Task RefuseAsync(IEnumerable<ReceivedMessage> messages, string subscription = Name) =>
        await Subscriber.ModifyAckDeadlineAsync(new ModifyAckDeadlineRequest { Subscription = subscription, AckIds = { messages.Select(message => message.AckId) } }, cancellationToken: Stop);

    public static string Text(ReceivedMessage message) => message.Message.Data.ToStringUtf8();

    public ValueTask DisposeAsync() => Emulator.DisposeAsync();
}
