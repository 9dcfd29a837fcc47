using System.Text.Json.Nodes;

namespace Google.Cloud.Functions.Framework.LegacyEvents;

/// <summary>How one first-generation event type becomes a CloudEvent.</summary>
/// <param name="CloudEventType">The type of the CloudEvent.</param>
/// <param name="Service">The service of the source, for requests that name none.</param>
internal sealed record LegacyEventMapping(string CloudEventType, string Service)
{
    /// <summary>Splits the resource name into source and subject; by default it is all source.</summary>
    public Func<LegacyEvent, string, EventOrigin> Locate { get; init; } = (_, resource) => new EventOrigin(resource);

    /// <summary>Gives the data the shape that Eventarc delivers; by default it has that already.</summary>
    public Func<LegacyEvent, JsonObject> Reshape { get; init; } = legacyEvent => legacyEvent.Data;
}
