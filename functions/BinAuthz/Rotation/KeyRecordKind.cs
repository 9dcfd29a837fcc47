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
}
