using BinAuthz.Attestations;
using BinAuthz.Images;

namespace BinAuthz.Admission;

/// <summary>Tells whether an attestor is satisfied with an image, each digest once. Not for several threads.</summary>
internal sealed class AttestorJudge(AdmissionEvidence evidence)
{
    private const int ToldAttestations = 5;
    private const string NothingCounts = "No attestations found that were valid and signed by a key trusted by the attestor";
    private readonly Dictionary<AttestorName, AttestationVerifier?> verifiers = [];
    private readonly Dictionary<(AttestorName Attestor, ImageDigest Digest), (AdmissionCause Cause, string Detail)?> judged = [];

    /// <summary>Why the attestor is not satisfied, or null. One valid attestation by one of its keys suffices.</summary>
    public AdmissionDenial? Judge(AttestorName attestor, string image)
    {
        if (ImageText.Digest(image) is not { } digest)
        {
            return new AdmissionDenial(
                AdmissionCause.TagInsteadOfDigest,
                attestor,
                "Expected digest with sha256 scheme, but got tag or malformed digest",
                $"'{image}' does not end in @sha256: and 64 lower-case hex digits.",
                AdmissionRemedies.OfTag(image, attestor));
        }

        if (!judged.TryGetValue((attestor, digest), out var problem))
        {
            problem = judged[(attestor, digest)] = Problem(attestor, digest);
        }

        return problem is not { } found
            ? null
            : new AdmissionDenial(
                found.Cause,
                attestor,
                // What GKE says of a missing attestor is not documented.
                found.Cause == AdmissionCause.AttestorMissing ? found.Detail : NothingCounts,
                found.Detail,
                AdmissionRemedies.OfImage(found.Cause, image, attestor));
    }

    private (AdmissionCause Cause, string Detail)? Problem(AttestorName name, ImageDigest digest)
    {
        if (evidence.Find(name) is not { } attestor)
        {
            return (AdmissionCause.AttestorMissing, $"There is no attestor {name}");
        }

        if (attestor.Keys.Count == 0)
        {
            return (AdmissionCause.AttestorWithoutKeys, $"{name} has no keys, so that no attestation counts.");
        }

        var verifier = verifiers.TryGetValue(name, out var known) ? known! : verifiers[name] = new AttestationVerifier(attestor);
        var invalid = new List<(string Name, AttestationVerdict.Invalid Verdict)>();
        foreach (var attestation in evidence.Of(attestor.Note, digest))
        {
            if (verifier!.Verify(attestation, digest) is not AttestationVerdict.Invalid fault)
            {
                return null;
            }

            invalid.Add((attestation.Name, fault));
        }

        return invalid.Count == 0
            ? (AdmissionCause.NotAttested, $"{attestor.Note} has no attestation of {digest}.")
            : (invalid.TrueForAll(each => each.Verdict.Code == AttestationFault.UnknownKey) ? AdmissionCause.UntrustedKey : AdmissionCause.InvalidAttestation,
               string.Join("; ", invalid.Take(ToldAttestations).Select(each => $"{each.Name}: {each.Verdict.Reason}")) + (invalid.Count > ToldAttestations ? $"; and {invalid.Count - ToldAttestations} more." : "."));
    }
}
