using System.Collections.Concurrent;
using System.Text.Json;
using Google.Cloud.BinaryAuthorization.V1;
using Grafeas.V1;

namespace BinAuthz.Emulator.BinaryAuthorization;

/// <summary>
/// Whether an attestation says that an image is approved: a signature by a trusted key over the stored bytes, and the
/// image's digest in what they say. The docker reference is not compared: only the digest decides at admission.
/// </summary>
internal sealed class AttestationVerifier(KeyIds ids)
{
    private const int KeysRemembered = 10_000;

    private readonly ConcurrentDictionary<PkixPublicKey, VerificationKey> imported = new();

    /// <summary>Verifies an attestation of an image.</summary>
    /// <param name="attestation">As it is stored.</param>
    /// <param name="digest">The digest of the image, <c>sha256:…</c>.</param>
    /// <param name="keys">The keys that count, with their ids.</param>
    /// <returns>Why it does not verify, or null.</returns>
    public string? Problem(AttestationOccurrence attestation, string digest, IEnumerable<AttestorPublicKey> keys)
    {
        var trusted = keys.ToLookup(key => ids.Canonical(key.Id), StringComparer.Ordinal);
        var payload = attestation.SerializedPayload.ToByteArray();
        var problems = new List<string>();
        foreach (var signature in attestation.Signatures)
        {
            var problem = Problem(payload, signature.Signature_.ToByteArray(), trusted[ids.Canonical(signature.PublicKeyId)], signature.PublicKeyId);
            if (problem is null)
            {
                return AttestedDigest(payload) is var attested && attested == digest
                    ? null
                    : $"the signed payload names the digest {attested ?? "(none)"}, the image has {digest}.";
            }

            problems.Add(problem);
        }

        return problems.Count == 0 ? "the attestation has no signatures." : string.Join(' ', problems);
    }

    private string? Problem(byte[] payload, byte[] signature, IEnumerable<AttestorPublicKey> candidates, string id)
    {
        var known = false;
        foreach (var candidate in candidates.Where(candidate => candidate.PkixPublicKey is not null))
        {
            known = true;
            if (Key(candidate.PkixPublicKey).Verifies(payload, signature))
            {
                return null;
            }
        }

        return known ? $"the signature by {id} does not verify." : $"no trusted key has the id {id}.";
    }

    private VerificationKey Key(PkixPublicKey key)
    {
        if (imported.Count > KeysRemembered)
        {
            imported.Clear();
        }

        return imported.GetOrAdd(key, VerificationKey.Import);
    }

    private static string? AttestedDigest(byte[] payload)
    {
        try
        {
            using var json = JsonDocument.Parse(payload);
            return json.RootElement.ValueKind == JsonValueKind.Object
                && json.RootElement.TryGetProperty("critical", out var critical) && critical.ValueKind == JsonValueKind.Object
                && critical.TryGetProperty("image", out var image) && image.ValueKind == JsonValueKind.Object
                && image.TryGetProperty("docker-manifest-digest", out var digest) && digest.ValueKind == JsonValueKind.String
                ? digest.GetString()
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
