using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using BinAuthzAlgorithm = Google.Cloud.BinaryAuthorization.V1.PkixPublicKey.Types.SignatureAlgorithm;
using KmsAlgorithm = Google.Cloud.Kms.V1.CryptoKeyVersion.Types.CryptoKeyVersionAlgorithm;

namespace BinAuthz.Keys;

/// <summary>The signature algorithms that Binary Authorization accepts: one table of what each API calls them and how they sign.</summary>
internal sealed class SignatureAlgorithm : IParsable<SignatureAlgorithm>
{
    private const KmsAlgorithm NotInKms = KmsAlgorithm.Unspecified;

    private static readonly SignatureAlgorithm[] Table =
    [
        new("EC_SIGN_P256_SHA256", "ECDSA_P256_SHA256", KmsAlgorithm.EcSignP256Sha256, 9, SignatureFamily.Ecdsa, 256, HashAlgorithmName.SHA256),
        new("EC_SIGN_P384_SHA384", "ECDSA_P384_SHA384", KmsAlgorithm.EcSignP384Sha384, 10, SignatureFamily.Ecdsa, 384, HashAlgorithmName.SHA384),
        new("EC_SIGN_P521_SHA512", "ECDSA_P521_SHA512", NotInKms, 11, SignatureFamily.Ecdsa, 521, HashAlgorithmName.SHA512),
        new("RSA_SIGN_PSS_2048_SHA256", "RSA_PSS_2048_SHA256", KmsAlgorithm.RsaSignPss2048Sha256, 1, SignatureFamily.RsaPss, 2048, HashAlgorithmName.SHA256),
        new("RSA_SIGN_PSS_3072_SHA256", "RSA_PSS_3072_SHA256", KmsAlgorithm.RsaSignPss3072Sha256, 2, SignatureFamily.RsaPss, 3072, HashAlgorithmName.SHA256),
        new("RSA_SIGN_PSS_4096_SHA256", "RSA_PSS_4096_SHA256", KmsAlgorithm.RsaSignPss4096Sha256, 3, SignatureFamily.RsaPss, 4096, HashAlgorithmName.SHA256),
        new("RSA_SIGN_PSS_4096_SHA512", "RSA_PSS_4096_SHA512", KmsAlgorithm.RsaSignPss4096Sha512, 4, SignatureFamily.RsaPss, 4096, HashAlgorithmName.SHA512),
        new("RSA_SIGN_PKCS1_2048_SHA256", "RSA_SIGN_PKCS1_2048_SHA256", KmsAlgorithm.RsaSignPkcs12048Sha256, 5, SignatureFamily.RsaPkcs1, 2048, HashAlgorithmName.SHA256),
        new("RSA_SIGN_PKCS1_3072_SHA256", "RSA_SIGN_PKCS1_3072_SHA256", KmsAlgorithm.RsaSignPkcs13072Sha256, 6, SignatureFamily.RsaPkcs1, 3072, HashAlgorithmName.SHA256),
        new("RSA_SIGN_PKCS1_4096_SHA256", "RSA_SIGN_PKCS1_4096_SHA256", KmsAlgorithm.RsaSignPkcs14096Sha256, 7, SignatureFamily.RsaPkcs1, 4096, HashAlgorithmName.SHA256),
        new("RSA_SIGN_PKCS1_4096_SHA512", "RSA_SIGN_PKCS1_4096_SHA512", KmsAlgorithm.RsaSignPkcs14096Sha512, 8, SignatureFamily.RsaPkcs1, 4096, HashAlgorithmName.SHA512),
        // By number: enumerations of published packages may be older than the algorithm.
        new("PQ_SIGN_ML_DSA_65", "ML_DSA_65", (KmsAlgorithm)56, 13, SignatureFamily.MlDsa, 0, null),
    ];

    private static readonly FrozenDictionary<string, SignatureAlgorithm> ByName = Table
        .SelectMany(algorithm => new[] { algorithm.KmsName, algorithm.BinAuthzName, algorithm.CliName, CliForm(algorithm.BinAuthzName) }
            .Distinct()
            .Select(name => KeyValuePair.Create(name, algorithm)))
        .ToFrozenDictionary(StringComparer.Ordinal);

    private SignatureAlgorithm(string kmsName, string binAuthzName, KmsAlgorithm kms, int binAuthz, SignatureFamily family, int keySize, HashAlgorithmName? digest)
    {
        KmsName = kmsName;
        BinAuthzName = binAuthzName;
        CliName = CliForm(kmsName);
        Kms = kms;
        BinAuthz = (BinAuthzAlgorithm)binAuthz;
        Family = family;
        KeySize = keySize;
        Digest = digest;
    }

    /// <summary>Every algorithm, the default first.</summary>
    public static IReadOnlyList<SignatureAlgorithm> All => Table;

    /// <summary>What new keys use unless told otherwise: ECDSA on P-256.</summary>
    public static SignatureAlgorithm Default => Table[0];

    /// <summary>Cloud KMS' name, which Binary Authorization accepts as an alias. P-521 has it as an alias only.</summary>
    public string KmsName { get; }

    /// <summary>Binary Authorization's canonical name.</summary>
    public string BinAuthzName { get; }

    /// <summary>The name on a command line, such as <c>ec-sign-p256-sha256</c>.</summary>
    public string CliName { get; }

    /// <summary>Cloud KMS' number; unspecified for P-521, which Cloud KMS does not offer.</summary>
    public KmsAlgorithm Kms { get; }

    public BinAuthzAlgorithm BinAuthz { get; }

    public SignatureFamily Family { get; }

    /// <summary>Bits of the curve or modulus; 0 for ML-DSA.</summary>
    public int KeySize { get; }

    /// <summary>The hash that is signed; null when the data itself is signed (ML-DSA).</summary>
    public HashAlgorithmName? Digest { get; }

    /// <summary>Whether Cloud KMS signs a digest (true) or the data (false).</summary>
    public bool SignsDigest => Digest is not null;

    /// <summary>The padding of RSA; null for the others.</summary>
    public RSASignaturePadding? Padding => Family switch
    {
        SignatureFamily.RsaPkcs1 => RSASignaturePadding.Pkcs1,
        SignatureFamily.RsaPss => RSASignaturePadding.Pss,
        _ => null,
    };

    /// <summary>The algorithm of a KMS key version; null when Binary Authorization cannot use it.</summary>
    public static SignatureAlgorithm? FromKms(KmsAlgorithm algorithm) =>
        algorithm == NotInKms ? null : Array.Find(Table, row => row.Kms == algorithm);

    /// <summary>The algorithm of an attestor's key; null when unspecified or not known here.</summary>
    public static SignatureAlgorithm? FromBinAuthz(BinAuthzAlgorithm algorithm) => Array.Find(Table, row => row.BinAuthz == algorithm);

    public static SignatureAlgorithm Parse(string s) =>
        TryParse(s, out var algorithm)
            ? algorithm
            : throw new FormatException($"'{s}' is not a signature algorithm of Binary Authorization. Use one of {string.Join(", ", Table.Select(row => row.CliName))}.");

    /// <summary>Reads the name on a command line or either API's name.</summary>
    public static bool TryParse([NotNullWhen(true)] string? s, [MaybeNullWhen(false)] out SignatureAlgorithm result)
    {
        result = null;
        return s is not null && ByName.TryGetValue(s, out result);
    }

    static SignatureAlgorithm IParsable<SignatureAlgorithm>.Parse(string s, IFormatProvider? provider) => Parse(s);

    static bool IParsable<SignatureAlgorithm>.TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, [MaybeNullWhen(false)] out SignatureAlgorithm result) =>
        TryParse(s, out result);

    /// <summary>The digest of <paramref name="data"/> that this algorithm signs.</summary>
    /// <exception cref="InvalidOperationException">The algorithm signs data, not a digest.</exception>
    public byte[] Hash(ReadOnlySpan<byte> data) => Digest switch
    {
        { } digest when digest == HashAlgorithmName.SHA256 => SHA256.HashData(data),
        { } digest when digest == HashAlgorithmName.SHA384 => SHA384.HashData(data),
        { } digest when digest == HashAlgorithmName.SHA512 => SHA512.HashData(data),
        _ => throw new InvalidOperationException($"{KmsName} signs the data itself, not a digest of it: send the data to Cloud KMS."),
    };

    public override string ToString() => CliName;

    private static string CliForm(string name) => name.ToLowerInvariant().Replace('_', '-');
}
