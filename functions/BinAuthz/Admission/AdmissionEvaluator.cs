using BinAuthz.Images;

namespace BinAuthz.Admission;

/// <summary>
/// Evaluates workloads as Binary Authorization does (docs: binary-authorization/docs/key-concepts; proto:
/// google/cloud/binaryauthorization/v1/resources.proto): system policy, allow-list, then one rule, specific or default, all of
/// whose attestors must be satisfied. Pure; what was verified once is remembered. Not for several threads.
/// </summary>
/// <param name="policy">The project's policy.</param>
/// <param name="systemPatterns">The images that Google's system policy allows.</param>
/// <param name="evidence">What <see cref="AdmissionNeeds"/> asks for.</param>
/// <param name="cluster"><c>LOCATION.NAME</c>; null when the policy has no cluster rules.</param>
internal sealed class AdmissionEvaluator(AdmissionPolicy policy, IReadOnlyList<ImagePattern> systemPatterns, AdmissionEvidence evidence, string? cluster)
{
    private readonly AttestorJudge judge = new(evidence);

    /// <summary>Judges every image of a workload. Under break-glass it is judged all the same, so that what is overridden can be told.</summary>
    public WorkloadAdmission Evaluate(Workload workload)
    {
        ArgumentNullException.ThrowIfNull(workload);
        var rules = policy.RulesFor(workload, cluster);
        var breakGlass = BreakGlass.IsAskedFor(workload);
        return new WorkloadAdmission(workload, [.. workload.Containers.Select(container => Evaluate(workload, container, rules, breakGlass))]);
    }

    private ImageAdmission Evaluate(Workload workload, WorkloadContainer container, IReadOnlyList<AdmissionRule> rules, bool breakGlass)
    {
        if (Exemption.Find(policy, systemPatterns, container.Image) is { } exemption)
        {
            return new ImageAdmission(container, exemption, breakGlass ? AdmissionEnforcement.BreakGlass : AdmissionEnforcement.Enforced, [], "");
        }

        return rules.Select(rule => Apply(rule, workload, container, breakGlass)).MaxBy(admission => (admission.IsBlocked, admission.IsDenied))!;
    }

    private ImageAdmission Apply(AdmissionRule rule, Workload workload, WorkloadContainer container, bool breakGlass)
    {
        IReadOnlyList<AdmissionDenial> denials = rule.Evaluation switch
        {
            AdmissionEvaluation.AlwaysAllow => [],
            AdmissionEvaluation.RequireAttestation => [.. rule.Attestors.Select(attestor => judge.Judge(attestor, container.Image)).OfType<AdmissionDenial>()],
            _ => [new AdmissionDenial(AdmissionCause.AlwaysDeny, null, "Denied by always_deny admission rule", $"{rule.Basis} denies every image.", AdmissionRemedies.OfAlwaysDeny)],
        };
        var enforcement = breakGlass ? AdmissionEnforcement.BreakGlass : rule.IsDryRun ? AdmissionEnforcement.DryRun : AdmissionEnforcement.Enforced;
        return new ImageAdmission(container, rule.Basis, enforcement, denials, Message(rule.Basis, workload, container.Image, denials));
    }

    // In the words of real denials; their grammar is no API.
    private static string Message(AdmissionBasis basis, Workload workload, string image, IReadOnlyList<AdmissionDenial> denials)
    {
        if (denials.Count == 0)
        {
            return "";
        }

        var (head, quote) = workload.Platform == WorkloadPlatform.CloudRun
            ? ($"Container image '{image}' is not authorized by policy", "'")
            : ($"Image {image} denied by Binary Authorization {basis.Words}", "");
        return string.Join(". ", denials.Select(denial => denial.Attestor is null ? denial.Reason : $"Image {quote}{image}{quote} denied by attestor {denial.Attestor}: {denial.Reason}").Prepend(head));
    }
}
