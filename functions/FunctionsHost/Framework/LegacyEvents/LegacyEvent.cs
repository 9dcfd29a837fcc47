using System.Text.Json.Nodes;

namespace Google.Cloud.Functions.Framework.LegacyEvents;

/// <summary>An event as first-generation functions receive it, context and top level already joined.</summary>
internal sealed record LegacyEvent(string Id, string Type, string? Service, string? Resource, JsonObject Data)
{
    /// <summary>When the event happened, if the request says so.</summary>
    public DateTimeOffset? Timestamp { get; init; }

    /// <summary>The domain of a Firebase Realtime Database, which holds its location.</summary>
    public string? Domain { get; init; }

    /// <summary>The subscription that a Pub/Sub push came from.</summary>
    public string? Subscription { get; init; }
}
