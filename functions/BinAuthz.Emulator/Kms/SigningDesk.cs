using System.Collections.Concurrent;
using BinAuthz.Emulator.Hosting;
using BinAuthz.Emulator.State;
using Google.Cloud.Kms.V1;
using Google.Protobuf;
using VersionState = Google.Cloud.Kms.V1.CryptoKeyVersion.Types.CryptoKeyVersionState;

namespace BinAuthz.Emulator.Kms;

/// <summary>Everything that needs key material: signatures and public keys.</summary>
internal sealed class SigningDesk(KeyStore store, EmulatorSwitches switches) : IKeyVault
{
    // A version's material never changes, therefore an imported key holds for as long as its version is enabled.
    private readonly ConcurrentDictionary<string, ISigningKey> imported = new(StringComparer.Ordinal);

    public AsymmetricSignResponse Sign(AsymmetricSignRequest request)
    {
        var stored = Enabled(request.Name, switches.KeyDisableDelay);
        var algorithm = Algorithm(stored.Version);
        var input = Input(request, stored.Version, algorithm);
        var signature = Key(stored).Sign(input);
        return new AsymmetricSignResponse
        {
            Name = request.Name,
            Signature = UnsafeByteOperations.UnsafeWrap(signature),
            SignatureCrc32C = Checksum(signature),
            VerifiedDigestCrc32C = request.DigestCrc32C is not null,
            VerifiedDataCrc32C = request.DataCrc32C is not null,
            ProtectionLevel = stored.Version.ProtectionLevel,
        };
    }

    public PublicKey PublicKey(GetPublicKeyRequest request)
    {
        var stored = Enabled(request.Name);
        Algorithm(stored.Version);
        var version = stored.Version;
        if (request.PublicKeyFormat == Google.Cloud.Kms.V1.PublicKey.Types.PublicKeyFormat.NistPqc)
        {
            throw Errors.Unimplemented("public_key_format NIST_PQC is not emulated; PEM is.");
        }

        return new PublicKey
        {
            Name = version.Name,
            Pem = stored.PublicPem,
            PemCrc32C = Checksum(System.Text.Encoding.UTF8.GetBytes(stored.PublicPem)),
            Algorithm = version.Algorithm,
            ProtectionLevel = version.ProtectionLevel,
            PublicKeyFormat = request.PublicKeyFormat,
        };
    }

    public byte[] Sign(string versionName, byte[] digest) => Key(Enabled(versionName)).Sign(digest);

    public string PublicKeyPem(string versionName) => Enabled(versionName).PublicPem;

    private long Checksum(byte[] answer) => switches.CorruptChecksums ? Crc32C.Of(answer) ^ 1 : Crc32C.Of(answer);

    private ISigningKey Key(StoredKeyVersion stored) =>
        imported.GetOrAdd(stored.Version.Name, static (_, row) => KeyMaterial.Import(row.Version.Algorithm, row.PrivateKey.ToByteArray()), stored);

    private StoredKeyVersion Enabled(string name, TimeSpan afterwards = default)
    {
        var stored = store.Version(KmsNames.Version(name));
        var state = stored.Version.State;
        var stillWorks = state is VersionState.Disabled or VersionState.DestroyScheduled && stored.DisabledTime is { } since && store.Now.ToDateTimeOffset() < since.ToDateTimeOffset() + afterwards;
        if (state == VersionState.Enabled || stillWorks)
        {
            return stored;
        }

        if (state == VersionState.Destroyed)
        {
            imported.TryRemove(name, out _);
        }

        // Only KEY_DISABLED has been seen from Google; the other states carry no violation.
        throw Errors.Precondition(
            $"{name} is not enabled, current state is: {WireName.Of(state)}.",
            state == VersionState.Disabled ? "KEY_DISABLED" : null,
            name);
    }

    private static KeyAlgorithm Algorithm(CryptoKeyVersion version) => KeyAlgorithm.Find(version.Algorithm)
        ?? throw Errors.Precondition($"{version.Name} has algorithm {WireName.Of(version.Algorithm)}, which is not one for asymmetric signing.");

    private static byte[] Input(AsymmetricSignRequest request, CryptoKeyVersion version, KeyAlgorithm algorithm)
    {
        var sent = request.Digest?.DigestCase ?? Digest.DigestOneofCase.None;
        if (sent != Digest.DigestOneofCase.None && !request.Data.IsEmpty)
        {
            throw Errors.Invalid("Only one of digest and data may be given.");
        }

        return algorithm.Digest == Digest.DigestOneofCase.None ? Data(request, version) : DigestOf(request, version, algorithm, sent);
    }

    private static byte[] Data(AsymmetricSignRequest request, CryptoKeyVersion version)
    {
        if (request.Digest is not null)
        {
            throw Errors.Invalid($"{WireName.Of(version.Algorithm)} signs data, not a digest.");
        }

        var data = request.Data.ToByteArray();
        CheckSum("data", request.DataCrc32C, data);
        return data;
    }

    private static byte[] DigestOf(AsymmetricSignRequest request, CryptoKeyVersion version, KeyAlgorithm algorithm, Digest.DigestOneofCase sent)
    {
        if (sent == Digest.DigestOneofCase.None)
        {
            throw Errors.Invalid(request.Data.IsEmpty ? "digest must be given." : $"{WireName.Of(version.Algorithm)} signs a digest; data is emulated for PQ_SIGN_ML_DSA_65 alone.");
        }

        if (sent != algorithm.Digest)
        {
            throw Errors.Invalid($"The digest type {sent.ToString().ToUpperInvariant()} does not match the algorithm {WireName.Of(version.Algorithm)} of {version.Name}.");
        }

        var digest = (sent switch
        {
            Digest.DigestOneofCase.Sha256 => request.Digest.Sha256,
            Digest.DigestOneofCase.Sha384 => request.Digest.Sha384,
            _ => request.Digest.Sha512,
        }).ToByteArray();
        if (digest.Length != algorithm.DigestLength)
        {
            throw Errors.Invalid($"A {sent.ToString().ToUpperInvariant()} digest has {algorithm.DigestLength} bytes; the request has {digest.Length}.");
        }

        CheckSum("digest", request.DigestCrc32C, digest);
        return digest;
    }

    private static void CheckSum(string field, long? expected, byte[] bytes)
    {
        if (expected is { } sum && sum != Crc32C.Of(bytes))
        {
            throw Errors.Invalid($"The checksum in field {field}_crc32c did not match the data in field {field}.");
        }
    }
}
