using System.Text.Json.Serialization;

namespace BinAuthz.Functions.Events;

/// <summary>A Pub/Sub message as push requests and Eventarc carry it.</summary>
internal sealed record PubsubMessage
{
    /// <summary>The id that Pub/Sub gave the message.</summary>
    public string MessageId { get; init; } = "";

    /// <summary>When the message was published; Pub/Sub's text, which may have nine digits of a second's fraction.</summary>
    public string? PublishTime { get; init; }

    /// <summary>The published bytes.</summary>
    public ReadOnlyMemory<byte> Data { get; init; }

    /// <summary>The published attributes.</summary>
    public IReadOnlyDictionary<string, string> Attributes { get; init; } = new Dictionary<string, string>();

    /// <summary>The ordering key, if the publisher set one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? OrderingKey { get; init; }
}
