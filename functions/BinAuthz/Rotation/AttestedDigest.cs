using BinAuthz.Images;
using BinAuthz.Keys;

namespace BinAuthz.Rotation;

/// <summary>What the attestations of one digest say together.</summary>
internal sealed class AttestedDigest(ImageDigest digest)
{
    /// <summary>The digest.</summary>
    public ImageDigest Digest { get; } = digest;

    /// <summary>Under which names it was attested.</summary>
    public HashSet<ImageReference> Images { get; } = [];

    /// <summary>The ids of the attestor's keys that verify one of them.</summary>
    public HashSet<string> KeyIds { get; } = new(StringComparer.Ordinal);

    /// <summary>When each revoked version attested it first, UTC; the end of time: the attestation does not say.</summary>
    public Dictionary<KeyVersionName, DateTimeOffset> Revoked { get; } = [];
}
