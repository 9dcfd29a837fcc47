using System.Text.Json.Serialization;
using CloudNative.CloudEvents;

namespace BinAuthz.Functions.Events;

/// <summary>The data of a <c>google.cloud.pubsub.topic.v1.messagePublished</c> event, or of an audit log event, as if its log entry had been published.</summary>
[CloudEventFormatter(typeof(MessagePublishedFormatter))]
internal sealed record MessagePublished
{
    /// <summary>The event type.</summary>
    public const string EventType = "google.cloud.pubsub.topic.v1.messagePublished";

    /// <summary>The type of the event that Eventarc makes of an audit log entry; its body is the entry (docs: eventarc/docs/cloudevents).</summary>
    public const string AuditLogEventType = "google.cloud.audit.log.v1.written";

    /// <summary>The message; empty if <see cref="Problem"/> says why.</summary>
    public PubsubMessage Message { get; init; } = new();

    /// <summary>The subscription that delivered the message.</summary>
    public string? Subscription { get; init; }

    /// <summary>How often the message was delivered; only subscriptions with a dead-letter topic say so.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int? DeliveryAttempt { get; init; }

    /// <summary>Why the body could not be read. Not an exception: a redelivery would not read it either, so the function decides.</summary>
    [JsonIgnore]
    public string? Problem { get; init; }

    /// <summary>The body as it came, for whoever looks into the problem.</summary>
    [JsonIgnore]
    public ReadOnlyMemory<byte> Body { get; init; }
}
