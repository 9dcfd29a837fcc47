using BinAuthz.GoogleCloud;

namespace BinAuthz.Rotation;

/// <summary>A version of the key, and what becomes of it.</summary>
/// <param name="Version">As Cloud KMS describes it.</param>
/// <param name="Role">What it is in the rotation.</param>
/// <param name="Age">How long ago it was made.</param>
/// <param name="TrustedSince">Since when the attestor lists it, UTC; null: it does not.</param>
/// <param name="Images">How many images that may be deployed have a valid attestation by it; null: not read.</param>
/// <param name="OnlyIts">How many of those have none by another key; null: not read.</param>
internal sealed record VersionStatus(KeyVersionDescription Version, VersionRole Role, TimeSpan Age, DateTimeOffset? TrustedSince, int? Images, int? OnlyIts)
{
    /// <summary>When it changes next by time alone, UTC; null: it does not.</summary>
    public DateTimeOffset? NextAt { get; init; }

    /// <summary>What happens then, such as <c>loses trust</c>; empty: nothing.</summary>
    public string NextWhat { get; init; } = "";
}
