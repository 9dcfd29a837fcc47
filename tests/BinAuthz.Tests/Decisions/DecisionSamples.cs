using System.Security.Cryptography;
using BinAuthz.Approval;
using BinAuthz.Approval.Provenance;
using BinAuthz.Attestations;
using BinAuthz.Decisions;
using BinAuthz.Images;
using BinAuthz.Keys;

namespace BinAuthz.Tests.Decisions;

/// <summary>A decision to sign an index of two platforms, and a key of the attestor that signs it.</summary>
internal sealed class DecisionSamples : IDisposable
{
    public const string PolicyDigest = "sha256:3333333333333333333333333333333333333333333333333333333333333333";

    public static readonly AttestorName Name = AttestorName.Parse("projects/acme-prod/attestors/production-attestor");
    public static readonly ImageReference Image = ImageReference.Parse($"us-central1-docker.pkg.dev/acme-prod/app/server@sha256:{new string('a', 64)}");
    public static readonly ImageDigest Platform = ImageDigest.Parse($"sha256:{new string('b', 64)}");
    public static readonly KeyVersionName Key = KeyVersionName.Parse("projects/acme-prod/locations/us-central1/keyRings/production-binauthz/cryptoKeys/attestor-key/cryptoKeyVersions/2");

    public static readonly RuleResult[] Rules =
    [
        new("repositories", RuleVerdict.Satisfied, "repository-allowed", "The name matches 'a'.", ""),
        new("any", RuleVerdict.Satisfied, "any-satisfied", "Built by \"the builder\".", "")
        {
            Evidence = [EvidenceReference.To("projects/acme-prod/occurrences/2", "two"u8), EvidenceReference.To("projects/acme-prod/occurrences/1", "one"u8)],
            Warnings = ["An exception expires soon."],
            Parts = [new("provenance", RuleVerdict.Satisfied, "provenance-verified", "Built.", ""), new("scans", RuleVerdict.Awaiting, "scan-missing", "No scan.", "Wait.")],
        },
    ];

    public static readonly VerificationSummary Summary =
        new(new DateTimeOffset(2026, 10, 1, 10, 15, 30, 123, TimeSpan.FromHours(2)), "production", Name, Image, [Platform], PolicyDigest, Key, Rules);

    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public Attestor Attestor => new(Name, NoteName.Parse("projects/acme-prod/notes/production-note"), [new AttestorKey(Key.PublicKeyId, key.ExportSubjectPublicKeyInfoPem(), SignatureAlgorithm.Default, "")], "");

    /// <summary>An envelope that the attestor's key signed.</summary>
    public DsseEnvelope Sign(byte[] payload, string type = VerificationSummary.PayloadType, string? keyId = null) => new(
        type, payload, [new DsseSignature(keyId ?? Key.PublicKeyId, key.SignData(DsseEnvelope.Covered(type, payload), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence))]);

    public void Dispose() => key.Dispose();
}
