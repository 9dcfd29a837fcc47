using System.Security.Cryptography;
using BinAuthz.Attestations;
using BinAuthz.Images;
using BinAuthz.Keys;

namespace BinAuthz.Tests.Rotation;

/// <summary>A version of a Cloud KMS key whose private half is here.</summary>
internal sealed class AttestingKey(int version) : IDisposable
{
    public static readonly NoteName Note = NoteName.Parse("projects/acme-prod/notes/production-note");

    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public KeyVersionName Name { get; } = KeyName.Parse("projects/acme-prod/locations/us-central1/keyRings/production-binauthz/cryptoKeys/attestor-key").Version(version);

    public string Pem => key.ExportSubjectPublicKeyInfoPem();

    public static Attestor Attestor(params AttestingKey[] keys) => new(
        AttestorName.Parse("projects/acme-prod/attestors/production-attestor"), Note, [.. keys.Select(each => new AttestorKey(each.Name.PublicKeyId, each.Pem, SignatureAlgorithm.Default, ""))], "");

    public static ImageReference Image(int number, string name = "us-central1-docker.pkg.dev/acme-prod/app/server") => ImageReference.Parse($"{name}@sha256:{number:x64}");

    public Attestation Attest(ImageReference image, DateTimeOffset? created = null, string? uri = null, byte[]? payload = null) =>
        new("projects/acme-prod/occurrences/o", uri ?? image.ResourceUri, Note, payload ?? AttestationPayload.Create(image), [Sign(payload ?? AttestationPayload.Create(image))], created);

    public AttestationSignature Sign(byte[] payload) => new(Name.PublicKeyId, key.SignData(payload, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));

    public void Dispose() => key.Dispose();
}
