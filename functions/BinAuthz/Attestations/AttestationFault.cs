namespace BinAuthz.Attestations;

/// <summary>What is wrong with an attestation, for programs; ordered from the least to the most telling.</summary>
internal enum AttestationFault
{
    /// <summary>It carries no signature.</summary>
    NoSignature,

    /// <summary>Its signatures name keys that the attestor does not list.</summary>
    UnknownKey,

    /// <summary>The attestor lists the key, but in a form that cannot be used.</summary>
    UnreadableKey,

    /// <summary>The attestor lists the key, and it did not sign these bytes.</summary>
    BadSignature,

    /// <summary>It hangs on another note than the attestor's.</summary>
    OtherNote,

    /// <summary>It is stored for another image.</summary>
    OtherResource,

    /// <summary>What was signed is not an attestation payload.</summary>
    UnreadablePayload,

    /// <summary>What was signed is about another image.</summary>
    OtherDigest,

    /// <summary>What was signed is of another type.</summary>
    OtherType,
}
