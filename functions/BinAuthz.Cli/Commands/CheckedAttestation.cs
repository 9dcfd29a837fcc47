using System.Globalization;
using System.Text.Json.Nodes;
using BinAuthz.Attestations;
using BinAuthz.GoogleCloud;
using BinAuthz.Images;

namespace BinAuthz.Cli.Commands;

/// <summary>A stored attestation and what the attestor's keys say to it.</summary>
internal sealed record CheckedAttestation(Attestation Attestation, AttestationVerdict Verdict)
{
    /// <summary>Whether it counts.</summary>
    public bool IsValid => Verdict is AttestationVerdict.Valid;

    /// <summary>Why it does not count; empty when it does.</summary>
    public string Reason => Verdict is AttestationVerdict.Invalid invalid ? invalid.Reason : "";

    /// <summary>The keys that its signatures name.</summary>
    public string Keys => string.Join(", ", Attestation.Signatures.Select(signature => signature.PublicKeyId));

    /// <summary>When it was stored, as Google writes times.</summary>
    public string Stored => Attestation.CreateTime?.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture) ?? "";

    /// <summary>Reads and checks every attestation of an image.</summary>
    public static async Task<IReadOnlyList<CheckedAttestation>> ReadAsync(ContainerAnalysisClient analysis, Attestor attestor, ImageDigest digest, CancellationToken cancellationToken)
    {
        var verifier = new AttestationVerifier(attestor);
        var stored = await analysis.ListAttestationsAsync(attestor.Note, [digest], cancellationToken).ConfigureAwait(false);
        return [.. stored.Select(attestation => new CheckedAttestation(attestation, verifier.Verify(attestation, digest)))];
    }

    /// <summary>For programs.</summary>
    public JsonObject ToJson()
    {
        var json = new JsonObject
        {
            ["name"] = Attestation.Name,
            ["resourceUri"] = Attestation.ResourceUri,
            ["keys"] = new JsonArray([.. Attestation.Signatures.Select(signature => JsonValue.Create(signature.PublicKeyId))]),
            ["valid"] = IsValid,
        };
        if (Verdict is AttestationVerdict.Invalid invalid)
        {
            json["fault"] = invalid.Code.ToString();
            json["reason"] = invalid.Reason;
        }

        if (Stored.Length > 0)
        {
            json["createTime"] = Stored;
        }

        return json;
    }
}
