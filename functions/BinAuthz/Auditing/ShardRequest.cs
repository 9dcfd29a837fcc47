using System.Text.Json;

namespace BinAuthz.Auditing;

/// <summary>Asks for a part of an audit: <c>{"shard":{"time":…,"attestor":…,"from":…,"to":…}}</c>, times as RFC 3339 in UTC.</summary>
/// <param name="Time">Of the audit.</param>
/// <param name="Shard">The part.</param>
internal sealed record ShardRequest(DateTimeOffset Time, AuditShard Shard)
{
    /// <summary>The data of the message.</summary>
    public byte[] ToJson()
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteStartObject("shard");
            writer.WriteString("time", Rfc3339.Write(Time));
            writer.WriteString("attestor", Shard.Attestor.ToString());
            writer.WriteString("from", Rfc3339.Write(Shard.From));
            writer.WriteString("to", Rfc3339.Write(Shard.To));
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }
}
