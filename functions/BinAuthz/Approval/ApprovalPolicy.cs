using BinAuthz.Attestations;
using BinAuthz.Keys;

namespace BinAuthz.Approval;

/// <summary>What an image must be before an attestor vouches for it: one YAML document per environment.</summary>
internal sealed record ApprovalPolicy(string Environment, AttestorName Attestor, IReadOnlyList<IApprovalRule> Rules)
{
    /// <summary>The KMS key versions whose public keys <see cref="ImageFacts.ProvenanceKeys"/> must hold, by their names.</summary>
    public IReadOnlyList<KeyVersionName> ProvenanceKeys => Rules.OfType<ProvenanceRule>().FirstOrDefault()?.KmsKeys ?? [];

    /// <summary>Whether provenance has to be looked up at all.</summary>
    public bool RequiresProvenance => Rules.Any(rule => rule is ProvenanceRule);

    /// <summary>Reads a policy file.</summary>
    /// <param name="yaml">The text.</param>
    /// <param name="file">Its name, for errors.</param>
    /// <exception cref="ApprovalPolicyException">Everything that is wrong with it.</exception>
    public static ApprovalPolicy Parse(string yaml, string file) =>
        TryParse(yaml, file, out var policy, out var errors) ? policy : throw new ApprovalPolicyException(errors);

    /// <summary>As <see cref="Parse"/>, with the errors instead of an exception.</summary>
    public static bool TryParse(
        string yaml,
        string file,
        [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out ApprovalPolicy? policy,
        out IReadOnlyList<ConfigurationError> errors)
    {
        (policy, errors) = ApprovalPolicyReader.Read(yaml, file);
        return policy is not null;
    }

    /// <summary>Weighs an image: violated before awaited before satisfied.</summary>
    public ApprovalDecision Evaluate(ImageFacts facts, DateTimeOffset now)
    {
        RuleResult[] results = [.. Rules.Select(rule => rule.Evaluate(facts, now))];
        return results.Max(result => result.Verdict) switch
        {
            RuleVerdict.Satisfied => new ApprovalDecision.Approved(results),
            RuleVerdict.Awaiting => new ApprovalDecision.NotReady(results),
            _ => new ApprovalDecision.Rejected(results),
        };
    }
}
