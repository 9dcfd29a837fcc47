using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Google.Cloud.Functions.Framework.LegacyEvents;

/// <summary>Pub/Sub's messages: the raw push of a subscription, and the event of the first generation.</summary>
internal static partial class PubSubPush
{
    /// <summary>The first generation's name for a published message.</summary>
    public const string LegacyType = "google.pubsub.topic.publish";

    private const string UnknownTopic = "projects/unknown-project!/topics/unknown-topic!";
    private static readonly string[] ForeignMembers = ["data", "domain", "context", "eventId", "eventType", "params", "timestamp"];

    /// <summary>Whether the body has a member that only a push has.</summary>
    public static bool IsPush(JsonObject body) => body["message"] is not null || body["subscription"] is not null;

    /// <summary>Reads a push; the topic is known only if the request's path names it.</summary>
    public static LegacyEvent Read(JsonObject body, PathString path, ILogger logger)
    {
        if (body.OptionalObject("message") is not { } message || body.OptionalString("subscription") is not { } subscription)
        {
            throw new UnreadableEventException("A Pub/Sub push needs both 'message' and 'subscription'.");
        }

        if (ForeignMembers.FirstOrDefault(name => body[name] is not null) is { } foreign)
        {
            throw new UnreadableEventException($"A Pub/Sub push has no member '{foreign}'.");
        }

        string? id = message.OptionalString("messageId");
        if (string.IsNullOrEmpty(id))
        {
            throw new UnreadableEventException("A Pub/Sub push needs 'message.messageId', a string.");
        }

        return new LegacyEvent(id, LegacyType, Service: null, TopicOf(path, logger), message)
        {
            Timestamp = PublishTimeOf(message),
            Subscription = subscription,
        };
    }

    /// <summary>The topic is the source, its short name the extension attribute that Eventarc sets.</summary>
    public static EventOrigin Locate(LegacyEvent legacyEvent, string resource)
    {
        var match = TopicName().Match(resource);
        return new EventOrigin(resource, Extension: match.Success ? ("topic", match.Groups["topic"].Value) : null);
    }

    /// <summary>Wraps the message as Eventarc does, id and time of publication inside.</summary>
    public static JsonObject Reshape(LegacyEvent legacyEvent)
    {
        var message = (JsonObject)legacyEvent.Data.DeepClone();
        message["messageId"] = legacyEvent.Id;
        if (legacyEvent.Timestamp is { } timestamp)
        {
            string format = timestamp.Ticks % TimeSpan.TicksPerMillisecond == 0
                ? "yyyy-MM-dd'T'HH:mm:ss.fff'Z'"
                : "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'";
            message["publishTime"] = timestamp.UtcDateTime.ToString(format, CultureInfo.InvariantCulture);
        }

        var data = new JsonObject { ["message"] = message };
        if (legacyEvent.Subscription is { } subscription)
        {
            data["subscription"] = subscription;
        }

        return data;
    }

    private static string TopicOf(PathString path, ILogger logger)
    {
        string resource = path.Value is ['/', .. var rest] ? rest : "";
        if (TopicName().IsMatch(resource))
        {
            return resource;
        }

        LogUnknownTopic(logger, UnknownTopic);
        return UnknownTopic;
    }

    // More than six digits of a second's fraction are not read: the text in the message stays as it is.
    private static DateTimeOffset? PublishTimeOf(JsonObject message) =>
        message["publishTime"] is JsonValue value
        && value.GetValueKind() == JsonValueKind.String
        && DateTimeOffset.TryParseExact(
            value.GetValue<string>(),
            "yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'",
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out var time)
            ? time
            : null;

    [GeneratedRegex(@"^projects/(?<project>[^/]+)/topics/(?<topic>[^/]+)\z")]
    private static partial Regex TopicName();

    [LoggerMessage(2, LogLevel.Warning, "The request's path names no Pub/Sub topic (/projects/P/topics/T): the event's source is '{Topic}'")]
    private static partial void LogUnknownTopic(ILogger logger, string topic);
}
