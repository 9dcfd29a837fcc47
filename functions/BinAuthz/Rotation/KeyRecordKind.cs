namespace BinAuthz.Rotation;

/// <summary>What a <see cref="KeyRecord"/> tells.</summary>
internal enum KeyRecordKind
{
    /// <summary>The attestor lists it.</summary>
    Trusted,

    /// <summary>It is to lose trust, or has lost it, because a successor signs.</summary>
    Retired,

    /// <summary>It is to lose trust, or has lost it, because others may have been able to sign with it.</summary>
    Revoked,

    /// <summary>It was revoked, and no image is admitted for the sake of an attestation that others may have made with it.</summary>
    Cleared,
}
