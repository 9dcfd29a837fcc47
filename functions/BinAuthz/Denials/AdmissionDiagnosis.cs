using BinAuthz.Admission;
using BinAuthz.Attestations;
using BinAuthz.Images;

namespace BinAuthz.Denials;

/// <summary>What the policy's verdict of now means for a finding. Pure.</summary>
internal static class AdmissionDiagnosis
{
    /// <summary>The image would be admitted now.</summary>
    public static Diagnosis OfAdmitted(Finding finding, ImageAdmission verdict) => new(
        DiagnosisCause.AdmittedNow,
        $"The policy of {finding.Source.Project} admits it now, by {verdict.Basis}: the image was attested, or the policy was changed, since.",
        "Nothing, where a controller retries. Start again what nobody retries, such as a bare pod or a Cloud Run revision.",
        RemedyCommands.ListPods(finding));

    /// <summary>No attestation verifies.</summary>
    public static Diagnosis OfInvalid(string image, AdmissionDenial denial, Attestor attestor) => new(
        DiagnosisCause.InvalidAttestation,
        denial.Detail,
        $"Find out who stored them with `binauthz attestations list`, and have the image signed again. {UnattestedDiagnosis.WithApproval}",
        Sign(image, attestor));

    /// <summary>The keys that signed do not count.</summary>
    public static Diagnosis OfKey(string image, IReadOnlyList<KeyStanding> keys, AdmissionDenial denial, Attestor attestor) => new(
        DiagnosisCause.KeyNoLongerTrusted,
        keys.Count == 0 ? denial.Detail : $"It is attested by {string.Join(" and ", keys.Select(key => $"{key.PublicKeyId}, which is {key.State}"))}; {attestor.Name} does not list {(keys.Count == 1 ? "it" : "them")}.",
        $"Have it signed with a key that the attestor lists. {UnattestedDiagnosis.WithApproval}",
        Sign(image, attestor));

    /// <summary>The image is named by tag.</summary>
    /// <param name="finding">The finding.</param>
    /// <param name="means">The digest that the tag means now; null: none, or it cannot be told.</param>
    /// <param name="isInGooglesRegistry">Whether the registry is one of Google's.</param>
    public static Diagnosis OfTag(Finding finding, ImageReference? means, bool isInGooglesRegistry) => means is not null
        ? new Diagnosis(
            DiagnosisCause.TagInsteadOfDigest,
            $"It is named by tag, and only a digest can be attested. The tag means {means.Digest} now.",
            "Name the digest instead, in the manifest too; `binauthz verify` tells whether it is signed.",
            RemedyCommands.Pin(finding, means))
        : new Diagnosis(
            DiagnosisCause.TagInsteadOfDigest,
            isInGooglesRegistry ? "It is named by tag, and only a digest can be attested. The registry has no such tag." : "It is named by tag, and only a digest can be attested. Its registry is none of Google's, where images are not signed either.",
            isInGooglesRegistry
                ? "Push the image, and name it by its digest."
                : "Copy the image into Artifact Registry, have it signed there and name it by its digest; or exempt it in the policy's admissionWhitelistPatterns with `binauthz policy apply`.",
            "");

    /// <summary>The rule itself denies, or cannot be satisfied.</summary>
    public static Diagnosis OfRule(Finding finding, AdmissionDenial denial) => denial switch
    {
        { Cause: AdmissionCause.AttestorMissing, Attestor: { } attestor } => new Diagnosis(
            DiagnosisCause.AttestorMissing,
            $"{denial.Detail}, and a rule of the policy of {finding.Source.Project} demands it.",
            "Make it, with its note and key; or take it out of the rule with `binauthz policy apply`.",
            RemedyCommands.SetUp(attestor)),
        { Cause: AdmissionCause.AttestorWithoutKeys, Attestor: { } attestor } => new Diagnosis(
            DiagnosisCause.AttestorWithoutKeys, denial.Detail, "Give it a key, and have the image signed with it.", RemedyCommands.SetUp(attestor)),
        _ => new Diagnosis(
            DiagnosisCause.AlwaysDeny,
            $"In the policy of {finding.Source.Project}, {denial.Detail}",
            "If the image is to run, let the rule require attestations, or exempt the image in admissionWhitelistPatterns. Save the policy with the command, change it, look at it with `binauthz policy diff`, set it with `binauthz policy apply --allow-loosening --yes`.",
            RemedyCommands.ExportPolicy(finding.Source.Project)),
    };

    // A key's or a signature's fault is found on a digest; a name that is none cannot be signed.
    private static string Sign(string image, Attestor attestor) => ImageReference.TryParse(image, out var reference) ? RemedyCommands.Sign(reference, attestor) : "";
}
