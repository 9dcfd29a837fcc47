using System.Text.Json;
using BinAuthz.Attestations;
using BinAuthz.Images;
using BinAuthz.Keys;

namespace BinAuthz.Signing;

/// <summary>Asks the signer to sign images anew with a successor of the version that attested them: <c>{"resign":{"attestor":…,"key":…,"images":[…]}}</c>.</summary>
/// <param name="Attestor">Whose attestations are valid.</param>
/// <param name="Key">The version to sign with.</param>
/// <param name="Images">Images, or platforms of them.</param>
internal sealed record ResignRequest(AttestorName Attestor, KeyVersionName Key, IReadOnlyList<ImageReference> Images)
{
    /// <summary>The data of the message.</summary>
    public byte[] ToJson() => ToJson("resign", Attestor, Key, Images);

    internal static byte[] ToJson(string request, AttestorName attestor, KeyVersionName key, IReadOnlyList<ImageReference> images)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>(4096);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteStartObject(request);
            writer.WriteString("attestor", attestor.ToString());
            writer.WriteString("key", key.ToString());
            WeighRequest.WriteImages(writer, images);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }
}
