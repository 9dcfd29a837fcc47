using System.Text.Json;
using BinAuthz.Images;

namespace BinAuthz.Signing;

/// <summary>Asks the signer to weigh images as if they had just been pushed: <c>{"weigh":{"images":[…]}}</c>.</summary>
/// <param name="Images">The images.</param>
internal sealed record WeighRequest(IReadOnlyList<ImageReference> Images)
{
    /// <summary>The data of the message.</summary>
    public byte[] ToJson()
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>(4096);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteStartObject("weigh");
            WriteImages(writer, Images);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    internal static void WriteImages(Utf8JsonWriter writer, IReadOnlyList<ImageReference> images)
    {
        writer.WriteStartArray("images");
        foreach (var image in images)
        {
            writer.WriteStringValue(image.ToString());
        }

        writer.WriteEndArray();
    }
}
