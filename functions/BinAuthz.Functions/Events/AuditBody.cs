using System.Globalization;
using System.Text.Json;
using BinAuthz.Attestations;
using BinAuthz.Auditing;

namespace BinAuthz.Functions.Events;

/// <summary>The body of a request for an audit, or the data of a message: nothing or an empty object, or a part of an audit.</summary>
internal static class AuditBody
{
    private const string Forms = "Write nothing or {}: what is audited follows from the configuration. The function itself asks for parts of an audit.";

    /// <summary>Reads it.</summary>
    /// <returns>The part that is asked for; null: a whole audit.</returns>
    /// <exception cref="UnreadableEventException">It is something else: what somebody meant by it would not be done.</exception>
    public static ShardRequest? Read(ReadOnlySpan<byte> data)
    {
        if (data.TrimStart(" \t\r\n"u8).IsEmpty)
        {
            return null;
        }

        try
        {
            var reader = new Utf8JsonReader(data);
            using var document = JsonDocument.ParseValue(ref reader);
            if (reader.BytesConsumed < data.TrimEnd(" \t\r\n"u8).Length || document.RootElement.ValueKind != JsonValueKind.Object)
            {
                throw new UnreadableEventException($"It is no JSON object. {Forms}");
            }

            Demand(document.RootElement, "shard");
            return document.RootElement.TryGetProperty("shard", out var shard) ? ReadShard(shard) : null;
        }
        catch (JsonException error)
        {
            throw new UnreadableEventException($"It is no JSON document: {error.Message} {Forms}", error);
        }
    }

    private static ShardRequest ReadShard(JsonElement shard)
    {
        if (shard.ValueKind != JsonValueKind.Object)
        {
            throw new UnreadableEventException($"'shard' is no object. {Forms}");
        }

        Demand(shard, "time", "attestor", "from", "to");
        if (!AttestorName.TryParse(Text(shard, "attestor"), out var attestor))
        {
            throw new UnreadableEventException($"'attestor' of the part is none. {Forms}");
        }

        var (time, from, to) = (Time(shard, "time"), Time(shard, "from"), Time(shard, "to"));
        return from < to && to <= time
            ? new ShardRequest(time, new AuditShard(attestor, from, to))
            : throw new UnreadableEventException($"The part from {Rfc3339.Write(from)} to {Rfc3339.Write(to)} is none of an audit at {Rfc3339.Write(time)}. {Forms}");
    }

    private static DateTimeOffset Time(JsonElement shard, string name) =>
        DateTimeOffset.TryParse(Text(shard, name), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            ? time
            : throw new UnreadableEventException($"'{name}' of the part is no time. {Forms}");

    private static string Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : throw new UnreadableEventException($"The part has no '{name}'. {Forms}");

    private static void Demand(JsonElement json, params string[] fields)
    {
        if (json.EnumerateObject().FirstOrDefault(property => !fields.Contains(property.Name)) is { Value.ValueKind: not JsonValueKind.Undefined } unknown)
        {
            throw new UnreadableEventException($"The field '{unknown.Name}' is not known. {Forms}");
        }
    }
}
