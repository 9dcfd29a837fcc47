using BinAuthz.Keys;
using Purpose = Google.Cloud.Kms.V1.CryptoKey.Types.CryptoKeyPurpose;

namespace BinAuthz.GoogleCloud;

/// <summary>What a Cloud KMS key is for.</summary>
/// <param name="Purpose">Only ASYMMETRIC_SIGN can sign.</param>
/// <param name="HasRotation">Whether a rotation period or time is set, which only symmetric keys can have.</param>
internal sealed record KeyDescription(Purpose Purpose, bool HasRotation)
{
    /// <summary>The algorithm of versions that are made from now on; null: one that Binary Authorization does not accept.</summary>
    public SignatureAlgorithm? Template { get; init; }
}
