using Google.Protobuf;
using Grpc.Core;
using PubSub = Google.Cloud.PubSub.V1;

namespace BinAuthz.GoogleCloud;

/// <summary>Pub/Sub, for publishing. A call is retried like any other, so a message is published at least once.</summary>
internal sealed class PublisherClient(GoogleChannels channels)
{
    private readonly PubSub.Publisher.PublisherClient client = new(channels.For("pubsub.googleapis.com"));

    /// <summary>Publishes one message.</summary>
    /// <exception cref="GoogleCallException">NOT_FOUND: there is no such topic.</exception>
    public Task PublishAsync(string topic, ReadOnlyMemory<byte> data, IReadOnlyDictionary<string, string> attributes, CancellationToken cancellationToken) =>
        PublishAsync(topic, [(data, attributes)], cancellationToken);

    /// <summary>Publishes several messages in one call: a thousand and 10 MB at most (docs: pubsub/quotas).</summary>
    /// <exception cref="GoogleCallException">NOT_FOUND: there is no such topic.</exception>
    public async Task PublishAsync(string topic, IEnumerable<(ReadOnlyMemory<byte> Data, IReadOnlyDictionary<string, string> Attributes)> messages, CancellationToken cancellationToken)
    {
        var request = new PubSub.PublishRequest { Topic = topic };
        foreach (var (data, attributes) in messages)
        {
            var message = new PubSub.PubsubMessage { Data = ByteString.CopyFrom(data.Span) };
            foreach (var (name, value) in attributes)
            {
                message.Attributes[name] = value;
            }

            request.Messages.Add(message);
        }

        await client.PublishAsync(request, Routing.To("topic", topic, cancellationToken)).ConfigureAwait(false);
    }

    /// <summary>Whether the topic exists.</summary>
    public async Task<bool> TopicExistsAsync(string topic, CancellationToken cancellationToken)
    {
        try
        {
            await client.GetTopicAsync(new PubSub.GetTopicRequest { Topic = topic }, Routing.To("topic", topic, cancellationToken)).ConfigureAwait(false);
            return true;
        }
        catch (GoogleCallException error) when (error.Status == StatusCode.NotFound)
        {
            return false;
        }
    }

    /// <summary>Makes a topic unless there is one.</summary>
    /// <returns>Whether it was made.</returns>
    public Task<bool> EnsureTopicAsync(string topic, CancellationToken cancellationToken) =>
        Creation.UnlessExistsAsync(client.CreateTopicAsync(new PubSub.Topic { Name = topic }, Routing.To("name", topic, cancellationToken)));
}
