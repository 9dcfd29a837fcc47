using BinAuthz.Emulator.BinaryAuthorization;
using BinAuthz.Emulator.ContainerAnalysis;
using Google.Cloud.BinaryAuthorization.V1;
using EvaluationMode = Google.Cloud.BinaryAuthorization.V1.AdmissionRule.Types.EvaluationMode;

namespace BinAuthz.Emulator.Cluster;

/// <summary>
/// Whether a policy and a rule of it admit one image, and the sentence of a denial. The sentences of default and cluster
/// rules are those of real messages; how Google words the other rules, or an attestor that is gone, is not documented.
/// </summary>
internal sealed class ImageJudge(AttestorStore attestors, OccurrenceStore occurrences, AttestationVerifier verifier)
{
    /// <summary>Why the image is denied, or null.</summary>
    /// <param name="policy">The project's policy.</param>
    /// <param name="location">The cluster's location, whose system policy counts.</param>
    /// <param name="rule">The rule for the pod.</param>
    /// <param name="ruleName">Such as <c>default admission rule</c>.</param>
    /// <param name="image">As the pod names it.</param>
    public string? Denial(Policy policy, string location, AdmissionRule rule, string ruleName, string image)
    {
        if (policy.GlobalPolicyEvaluationMode == Policy.Types.GlobalPolicyEvaluationMode.Enable && Lists(SystemPolicies.Get($"locations/{location}/policy"), image))
        {
            return null;
        }

        if (Lists(policy, image))
        {
            return null;
        }

        var reason = rule.EvaluationMode switch
        {
            EvaluationMode.AlwaysAllow => null,
            EvaluationMode.RequireAttestation => AttestationProblem(rule, image),
            _ => "Denied by always_deny admission rule",
        };
        return reason is null ? null : $"Image {image} denied by Binary Authorization {ruleName}. {reason}";
    }

    private static bool Lists(Policy policy, string image) => policy.AdmissionWhitelistPatterns.Any(pattern => ImagePatterns.Matches(pattern.NamePattern, image));

    // Every attestor must be satisfied.
    private string? AttestationProblem(AdmissionRule rule, string image)
    {
        var problems = rule.RequireAttestationsBy
            .Select(attestor => (Attestor: attestor, Problem: Problem(attestor, image)))
            .Where(each => each.Problem is not null)
            .Select(each => $"Image {image} denied by attestor {each.Attestor}: {each.Problem}")
            .ToArray();
        return problems.Length == 0 ? null : string.Join(". ", problems);
    }

    // One attestation by one key is enough.
    private string? Problem(string name, string image)
    {
        if (ImageDigest.Of(image) is not { } digest)
        {
            return "Expected digest with sha256 scheme, but got tag or malformed digest";
        }

        if (attestors.Admitting(name) is not { } attestor)
        {
            return "The attestor does not exist";
        }

        var note = attestor.UserOwnedGrafeasNote;
        return occurrences.Attestations(note.NoteReference, digest).Any(occurrence => verifier.Problem(occurrence.Attestation, digest, note.PublicKeys) is null)
            ? null
            : "No attestations found that were valid and signed by a key trusted by the attestor";
    }
}
