using BinAuthz.Attestations;

namespace BinAuthz.Admission;

/// <summary>One reason why an image is denied.</summary>
/// <param name="Cause">For programs.</param>
/// <param name="Attestor">Who is not satisfied; null when the rule denies every image.</param>
/// <param name="Reason">As GKE's message gives it.</param>
/// <param name="Detail">What was found, and compared with what.</param>
/// <param name="Remedy">What mends it, with the command.</param>
internal sealed record AdmissionDenial(AdmissionCause Cause, AttestorName? Attestor, string Reason, string Detail, string Remedy);
