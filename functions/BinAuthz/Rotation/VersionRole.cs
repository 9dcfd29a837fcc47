namespace BinAuthz.Rotation;

/// <summary>What a key version is in a rotation now.</summary>
internal enum VersionRole
{
    /// <summary>New attestations are made with it.</summary>
    Signs,

    /// <summary>The attestor lists it, and it signs as soon as every admission controller knows it.</summary>
    Propagates,

    /// <summary>The attestor lists it for what it signed before its successor.</summary>
    Old,

    /// <summary>The attestor lists it, but it cannot sign: disabled, about to be destroyed, or with a key that cannot be read.</summary>
    CannotSign,

    /// <summary>It is newer than what the attestor lists: the next rotation trusts it.</summary>
    Successor,

    /// <summary>It lost trust to its successor.</summary>
    Retired,

    /// <summary>It lost trust, or is about to, because others may have been able to sign with it.</summary>
    Revoked,

    /// <summary>The attestor listed it once, and it was not the rotation that removed it: it is not put back.</summary>
    RemovedByHand,

    /// <summary>The attestor never listed it, as far as is known, and will not.</summary>
    Unused,
}
