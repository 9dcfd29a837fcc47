namespace BinAuthz.Admission;

/// <summary>What admission says of the image of one container. The verdict is the policy's; enforcement is told apart.</summary>
/// <param name="Container">The container.</param>
/// <param name="Basis">What decided.</param>
/// <param name="Enforcement">What follows.</param>
/// <param name="Denials">Why it is denied; empty when it is admitted.</param>
/// <param name="Message">As an operator sees it; empty when it is admitted.</param>
internal sealed record ImageAdmission(WorkloadContainer Container, AdmissionBasis Basis, AdmissionEnforcement Enforcement, IReadOnlyList<AdmissionDenial> Denials, string Message)
{
    /// <summary>Whether the policy denies the image.</summary>
    public bool IsDenied => Denials.Count > 0;

    /// <summary>Whether the image keeps its pod from starting.</summary>
    public bool IsBlocked => IsDenied && Enforcement == AdmissionEnforcement.Enforced;
}
