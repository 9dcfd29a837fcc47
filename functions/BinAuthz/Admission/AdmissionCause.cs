namespace BinAuthz.Admission;

/// <summary>Why an image is denied, for programs.</summary>
internal enum AdmissionCause
{
    /// <summary>The rule denies every image.</summary>
    AlwaysDeny,

    /// <summary>The rule requires attestations, and the image is not named by digest.</summary>
    TagInsteadOfDigest,

    /// <summary>The rule names an attestor that does not exist, or cannot be seen.</summary>
    AttestorMissing,

    /// <summary>The attestor has no keys, so that nothing counts.</summary>
    AttestorWithoutKeys,

    /// <summary>The attestor's note has no attestation of the digest.</summary>
    NotAttested,

    /// <summary>The digest is attested, but by keys that the attestor does not list.</summary>
    UntrustedKey,

    /// <summary>The digest has attestations that do not verify.</summary>
    InvalidAttestation,
}
