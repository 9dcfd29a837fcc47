using System.Security.Cryptography;
using BinAuthz.Attestations;
using BinAuthz.Images;
using BinAuthz.Keys;
using BinAuthz.Tests.Decisions;

namespace BinAuthz.Tests.Signing;

/// <summary>An image, three versions of a key, and attestations by them.</summary>
internal sealed class SignedSamples : IDisposable
{
    public static readonly ImageReference Image = DecisionSamples.Image;
    public static readonly NoteName Note = NoteName.Parse("projects/acme-prod/notes/production-note");
    private readonly ECDsa[] keys = [.. Enumerable.Range(0, 3).Select(_ => ECDsa.Create(ECCurve.NamedCurves.nistP256))];
    private int occurrences;

    public static KeyVersionName Version(int version) => new(DecisionSamples.Key.Key, version);

    /// <summary>The attestor with these versions on it, and a PGP key if asked for.</summary>
    public Attestor Attestor(params IEnumerable<int> versions) => new(DecisionSamples.Name, Note, [.. versions.Select(Key)], "etag");

    public Attestor AttestorWithPgp(string id, params IEnumerable<int> versions) =>
        Attestor(versions) with { Keys = [.. versions.Select(Key), new AttestorKey(id, null, null, "")] };

    /// <summary>An attestation of <see cref="Image"/> by these versions.</summary>
    public Attestation By(string resourceUri, params IEnumerable<int> versions)
    {
        var payload = AttestationPayload.Create(Image);
        return With(resourceUri, [.. versions.Select(version => Signature(version, payload))]);
    }

    public Attestation With(string resourceUri, params IReadOnlyList<AttestationSignature> signatures) =>
        new($"projects/acme-prod/occurrences/{++occurrences}", resourceUri, Note, AttestationPayload.Create(Image), signatures, null);

    public AttestationSignature Signature(int version, byte[] data) =>
        new(Version(version).PublicKeyId, keys[version - 1].SignData(data, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));

    public void Dispose() => Array.ForEach(keys, key => key.Dispose());

    private AttestorKey Key(int version) => new(Version(version).PublicKeyId, keys[version - 1].ExportSubjectPublicKeyInfoPem(), SignatureAlgorithm.Default, "");
}
