using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Google.Cloud.PubSub.V1;

namespace BinAuthz.Emulator.PubSub;

/// <summary>A delivery as HTTP: the body of Pub/Sub, the CloudEvent of Eventarc, or the bare data.</summary>
internal static class PushRequest
{
    private const string UserAgent = "APIs-Google; (+https://developers.google.com/webmasters/APIs-Google)";

    private static readonly JsonWriterOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static HttpRequestMessage Create(Subscription subscription, ReceivedMessage received)
    {
        var push = subscription.PushConfig;
        var request = new HttpRequestMessage(HttpMethod.Post, push.PushEndpoint);
        if (push.NoWrapper is not null)
        {
            request.Content = new ByteArrayContent(received.Message.Data.ToByteArray());
            AddMetadata(request, subscription, received);
        }
        else
        {
            request.Content = new ByteArrayContent(Wrapped(subscription, received));
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            AddCloudEvent(request, subscription, received.Message);
        }

        request.Headers.TryAddWithoutValidation("User-Agent", UserAgent);
        if (push.OidcToken is { } identity)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", identity.ServiceAccountEmail);
        }

        return request;
    }

    /// <summary>Eventarc names its subscriptions so, and delivers them as binary CloudEvents.</summary>
    private static void AddCloudEvent(HttpRequestMessage request, Subscription subscription, PubsubMessage message)
    {
        if (!ResourceNames.Id(subscription.Name).StartsWith("eventarc-", StringComparison.Ordinal))
        {
            return;
        }

        request.Headers.TryAddWithoutValidation("ce-id", message.MessageId);
        request.Headers.TryAddWithoutValidation("ce-source", $"//pubsub.googleapis.com/{subscription.Topic}");
        request.Headers.TryAddWithoutValidation("ce-specversion", "1.0");
        request.Headers.TryAddWithoutValidation("ce-type", "google.cloud.pubsub.topic.v1.messagePublished");
        request.Headers.TryAddWithoutValidation("ce-time", Time(message));
    }

    private static void AddMetadata(HttpRequestMessage request, Subscription subscription, ReceivedMessage received)
    {
        if (!subscription.PushConfig.NoWrapper.WriteMetadata)
        {
            return;
        }

        var message = received.Message;
        request.Headers.TryAddWithoutValidation("x-goog-pubsub-subscription-name", subscription.Name);
        request.Headers.TryAddWithoutValidation("x-goog-pubsub-message-id", message.MessageId);
        request.Headers.TryAddWithoutValidation("x-goog-pubsub-publish-time", Time(message));
        if (message.OrderingKey.Length > 0)
        {
            request.Headers.TryAddWithoutValidation("x-goog-pubsub-ordering-key", message.OrderingKey);
        }

        if (received.DeliveryAttempt > 0)
        {
            request.Headers.TryAddWithoutValidation("x-goog-pubsub-delivery-attempt", received.DeliveryAttempt.ToString(CultureInfo.InvariantCulture));
        }

        foreach (var (key, value) in message.Attributes)
        {
            if (!request.Headers.TryAddWithoutValidation(key, value))
            {
                request.Content!.Headers.TryAddWithoutValidation(key, value);
            }
        }
    }

    private static byte[] Wrapped(Subscription subscription, ReceivedMessage received)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Json))
        {
            json.WriteStartObject();
            json.WriteStartObject("message");
            WriteMessage(json, received.Message);
            json.WriteEndObject();
            json.WriteString("subscription", subscription.Name);
            if (received.DeliveryAttempt > 0)
            {
                json.WriteNumber("deliveryAttempt", received.DeliveryAttempt);
            }

            json.WriteEndObject();
        }

        return buffer.ToArray();
    }

    private static void WriteMessage(Utf8JsonWriter json, PubsubMessage message)
    {
        if (message.Attributes.Count > 0)
        {
            json.WriteStartObject("attributes");
            foreach (var (key, value) in message.Attributes)
            {
                json.WriteString(key, value);
            }

            json.WriteEndObject();
        }

        if (!message.Data.IsEmpty)
        {
            json.WriteBase64String("data", message.Data.Span);
        }

        var time = Time(message);
        json.WriteString("messageId", message.MessageId);
        json.WriteString("message_id", message.MessageId);
        if (message.OrderingKey.Length > 0)
        {
            json.WriteString("orderingKey", message.OrderingKey);
        }

        json.WriteString("publishTime", time);
        json.WriteString("publish_time", time);
    }

    private static string Time(PubsubMessage message) => message.PublishTime.ToDateTimeOffset().ToString("yyyy-MM-dd'T'HH:mm:ss.FFF'Z'", CultureInfo.InvariantCulture);
}
