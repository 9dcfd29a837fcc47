using System.Globalization;
using BinAuthz.Attestations;
using BinAuthz.Keys;

namespace BinAuthz.Auditing.Scanning;

/// <summary>Verifies attestations with an attestor's keys, without a call. Whatever is in them, it does not throw.</summary>
internal sealed class AttestationInspector(AuditKeys keys)
{
    /// <summary>The most signatures of an attestation that are verified.</summary>
    public const int MaximumSignatures = 100;

    /// <summary>The longest payload that is verified, in bytes; those that gcloud makes have less than 1 KiB.</summary>
    public const int MaximumPayload = 64 * 1024;

    /// <summary>Finds out about one.</summary>
    public InspectedAttestation Inspect(Attestation attestation)
    {
        var found = new InspectedAttestation(attestation) { Digest = DigestKey.TryParseResource(attestation.ResourceUri, out var digest) ? digest : null };
        if (LimitOf(attestation) is { } limit)
        {
            return found with { Limit = limit };
        }

        var signatures = new Signatures(keys, attestation);
        var isReadable = AttestationPayload.TryParse(attestation.Payload, out var payload, out var error);
        return found with
        {
            Signers = signatures.Trusted,
            FormerSigners = signatures.Former,
            RevokedSigners = signatures.Revoked,
            UnknownKeys = signatures.Unknown,
            BadSignatures = signatures.Bad,
            Limit = signatures.Unusable,
            Payload = payload,
            PayloadError = isReadable ? null : error,
        };
    }

    private static string? LimitOf(Attestation attestation) =>
        attestation.Signatures.Count > MaximumSignatures ? string.Create(CultureInfo.InvariantCulture, $"It has {attestation.Signatures.Count} signatures, and at most {MaximumSignatures} are verified.")
        : attestation.Payload.Length > MaximumPayload ? string.Create(CultureInfo.InvariantCulture, $"Its payload has {attestation.Payload.Length} bytes, and at most {MaximumPayload} are verified.")
        : null;

    /// <summary>The signatures of one attestation, sorted by what they are worth.</summary>
    private sealed class Signatures
    {
        private readonly AuditKeys keys;
        private readonly List<string> trusted = [];
        private readonly List<string> unknown = [];
        private readonly List<string> bad = [];
        private readonly List<KeyVersionName> former = [];
        private readonly List<FormerKey> revoked = [];

        public Signatures(AuditKeys keys, Attestation attestation)
        {
            this.keys = keys;
            foreach (var signature in attestation.Signatures)
            {
                Sort(signature, attestation.Payload.Span);
            }

            Unusable = trusted.Count > 0 ? null : Unusable;
        }

        public IReadOnlyList<string> Trusted => trusted;

        public IReadOnlyList<KeyVersionName> Former => former;

        public IReadOnlyList<FormerKey> Revoked => revoked;

        public IReadOnlyList<string> Unknown => unknown;

        public IReadOnlyList<string> Bad => bad;

        public string? Unusable { get; private set; }

        private void Sort(AttestationSignature signature, ReadOnlySpan<byte> payload)
        {
            var id = signature.PublicKeyId;
            var recorded = keys.Recorded(id);
            var isTrusted = keys.Trusts(id);
            if (!isTrusted && recorded is null)
            {
                unknown.Add(id);
            }
            else if (!Verifies(isTrusted ? keys.Trusted(id) : [recorded!.Key], signature, payload))
            {
                bad.Add(id);
            }
            else
            {
                Keep(id, isTrusted, recorded);
            }
        }

        private void Keep(string id, bool isTrusted, FormerKey? recorded)
        {
            if (isTrusted && !trusted.Contains(id))
            {
                trusted.Add(id);
            }
            else if (!isTrusted && !former.Contains(recorded!.Version))
            {
                former.Add(recorded.Version);
            }

            if (recorded is { Revocation: not null } && !revoked.Contains(recorded))
            {
                revoked.Add(recorded);
            }
        }

        private bool Verifies(IEnumerable<AttestorKey> candidates, AttestationSignature signature, ReadOnlySpan<byte> payload)
        {
            foreach (var key in candidates)
            {
                if (!key.TryImport(out var imported, out var error))
                {
                    Unusable ??= $"The key {Clip.Text(key.Id)} that one of its signatures names cannot be used here: {error}.";
                }
                else if (imported.Verify(payload, signature.Value.Span))
                {
                    return true;
                }
            }

            return false;
        }
    }
}
