namespace BinAuthz.Attestations;

/// <summary>Whether an attestation counts for an image.</summary>
internal abstract record AttestationVerdict
{
    private AttestationVerdict()
    {
    }

    /// <summary>Signed by this key of the attestor, for this image.</summary>
    internal sealed record Valid(string KeyId) : AttestationVerdict;

    /// <summary>It does not count, and why.</summary>
    internal sealed record Invalid(AttestationFault Code, string Reason) : AttestationVerdict;
}
