using System.Text.Json;
using BinAuthz.Attestations;
using BinAuthz.Keys;

namespace BinAuthz.Tests.Attestations;

/// <summary>Reads the samples of attestors and occurrences, which are Google's REST replies.</summary>
internal static class AttestationSamples
{
    public static Attestor Attestor(string file)
    {
        using var document = JsonDocument.Parse(TestData.Bytes($"attestation/{file}"));
        var root = document.RootElement;
        var note = root.GetProperty("userOwnedGrafeasNote");
        var keys = note.TryGetProperty("publicKeys", out var listed) ? listed.EnumerateArray().Select(Key).ToArray() : [];
        return new Attestor(AttestorName.Parse(Text(root, "name")), NoteName.Parse(Text(note, "noteReference")), keys, "");
    }

    public static Attestation Attestation(string file)
    {
        using var document = JsonDocument.Parse(TestData.Bytes($"attestation/{file}"));
        var root = document.RootElement;
        var body = root.GetProperty("attestation");
        return new Attestation(
            Text(root, "name"),
            Text(root, "resourceUri"),
            NoteName.Parse(Text(root, "noteName")),
            body.GetProperty("serializedPayload").GetBytesFromBase64(),
            [.. body.GetProperty("signatures").EnumerateArray().Select(signature => new AttestationSignature(Text(signature, "publicKeyId"), signature.GetProperty("signature").GetBytesFromBase64()))],
            root.GetProperty("createTime").GetDateTimeOffset());
    }

    private static AttestorKey Key(JsonElement key)
    {
        var pkix = key.GetProperty("pkixPublicKey");
        var comment = key.TryGetProperty("comment", out var text) ? text.GetString()! : "";
        return new AttestorKey(Text(key, "id"), Text(pkix, "publicKeyPem"), SignatureAlgorithm.Parse(Text(pkix, "signatureAlgorithm")), comment);
    }

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;
}
