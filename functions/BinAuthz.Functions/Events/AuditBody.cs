using System.Text.Json;

namespace BinAuthz.Functions.Events;

/// <summary>The body of a request for an audit, or the data of a message: nothing, or an empty object.</summary>
internal static class AuditBody
{
    /// <summary>Reads it.</summary>
    /// <exception cref="UnreadableEventException">It is something else: what somebody meant by it would not be done.</exception>
    public static void Demand(ReadOnlySpan<byte> data)
    {
        const string Forms = "Write nothing, or {}: what is audited follows from the configuration.";
        if (data.TrimStart(" \t\r\n"u8).IsEmpty)
        {
            return;
        }

        try
        {
            var reader = new Utf8JsonReader(data);
            using var document = JsonDocument.ParseValue(ref reader);
            if (reader.BytesConsumed < data.TrimEnd(" \t\r\n"u8).Length || document.RootElement.ValueKind != JsonValueKind.Object)
            {
                throw new UnreadableEventException($"It is no JSON object. {Forms}");
            }

            foreach (var property in document.RootElement.EnumerateObject())
            {
                throw new UnreadableEventException($"The field '{property.Name}' is not known. {Forms}");
            }
        }
        catch (JsonException error)
        {
            throw new UnreadableEventException($"It is no JSON document: {error.Message} {Forms}", error);
        }
    }
}
