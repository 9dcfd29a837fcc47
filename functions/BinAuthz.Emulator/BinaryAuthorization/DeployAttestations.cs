using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using BinAuthz.Emulator.Kms;

namespace BinAuthz.Emulator.BinaryAuthorization;

/// <summary>
/// The DSSE envelopes that an evaluation hands out for images that conform. Google signs them with a key of its own;
/// here it is the key of the emulated trusted builder.
/// </summary>
internal sealed class DeployAttestations(IKeyVault vault, TimeProvider time)
{
    private const string PayloadType = "application/vnd.in-toto+json";
    private const string KeyId = KeyStore.VerifiedBuilderKey + "/cryptoKeyVersions/1";

    private static readonly JsonSerializerOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>One envelope in base64 for every image that is named by digest; a tag cannot be attested.</summary>
    public IEnumerable<string> For(string policy, IEnumerable<string> images) =>
        from image in images.Distinct()
        let digest = ImageDigest.Of(image)
        where digest is not null
        select Envelope(Statement(policy, image[..image.IndexOf('@', StringComparison.Ordinal)], digest));

    private string Statement(string policy, string name, string digest) => new JsonObject
    {
        ["_type"] = "https://in-toto.io/Statement/v1",
        ["subject"] = new JsonArray(new JsonObject { ["name"] = name, ["digest"] = new JsonObject { ["sha256"] = digest["sha256:".Length..] } }),
        ["predicateType"] = "https://binaryauthorization.googleapis.com/policy_verification/v0.1",
        ["predicate"] = new JsonObject { ["policy"] = policy, ["verificationResult"] = "PASSED", ["timeVerified"] = time.GetUtcNow().ToString("O") },
    }.ToJsonString(Compact);

    private string Envelope(string statement)
    {
        var payload = Encoding.UTF8.GetBytes(statement);
        byte[] signed = [.. Encoding.UTF8.GetBytes($"DSSEv1 {PayloadType.Length} {PayloadType} {payload.Length} "), .. payload];
        var envelope = new JsonObject
        {
            ["payloadType"] = PayloadType,
            ["payload"] = Convert.ToBase64String(payload),
            ["signatures"] = new JsonArray(new JsonObject { ["keyid"] = KeyId, ["sig"] = Convert.ToBase64String(vault.Sign(KeyId, SHA256.HashData(signed))) }),
        };
        return Convert.ToBase64String(Encoding.UTF8.GetBytes(envelope.ToJsonString(Compact)));
    }
}
