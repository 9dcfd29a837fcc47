namespace BinAuthz.Admission;

/// <summary>What programs and people call the causes.</summary>
internal static class AdmissionCauses
{
    /// <summary>Such as <c>not-attested</c>.</summary>
    public static string Code(this AdmissionCause cause) => cause switch
    {
        AdmissionCause.AlwaysDeny => "always-deny",
        AdmissionCause.TagInsteadOfDigest => "tag-instead-of-digest",
        AdmissionCause.AttestorMissing => "attestor-missing",
        AdmissionCause.AttestorWithoutKeys => "attestor-without-keys",
        AdmissionCause.NotAttested => "not-attested",
        AdmissionCause.UntrustedKey => "untrusted-key",
        _ => "invalid-attestation",
    };

    /// <summary>One sentence that holds for every image with the cause.</summary>
    public static string Description(this AdmissionCause cause) => cause switch
    {
        AdmissionCause.AlwaysDeny => "The policy's rule denies every image.",
        AdmissionCause.TagInsteadOfDigest => "The policy requires attestations, which an image named by tag cannot have.",
        AdmissionCause.AttestorMissing => "The policy requires an attestor that does not exist.",
        AdmissionCause.AttestorWithoutKeys => "The policy requires an attestor that has no keys.",
        AdmissionCause.NotAttested => "The image has no attestation by an attestor that the policy requires.",
        AdmissionCause.UntrustedKey => "The image is attested only by keys that the attestor does not list.",
        _ => "The attestations of the image do not verify.",
    };
}
