using System.Diagnostics.CodeAnalysis;
using BinAuthz.Approval.Reading;
using BinAuthz.Attestations;
using BinAuthz.Keys;
using BinAuthz.Yaml;

namespace BinAuthz.Approval;

/// <summary>What an image must be before the attestors of an environment vouch for it: one YAML document per environment.</summary>
/// <param name="Environment">Such as <c>production</c>.</param>
/// <param name="Attestors">In the order of the file; each decides for itself.</param>
/// <param name="Digest">Of the document's bytes, <c>sha256:…</c>: decisions name the policy by it.</param>
internal sealed record ApprovalPolicy(string Environment, IReadOnlyList<AttestorPolicy> Attestors, string Digest)
{
    /// <summary>What has to be read about an image before every attestor can decide.</summary>
    public EvidenceNeeds Needs => Attestors.Aggregate(EvidenceNeeds.None, (needs, attestor) => needs | attestor.Needs);

    /// <summary>The KMS key versions whose public keys <see cref="ImageFacts.ProvenanceKeys"/> must hold, by their names.</summary>
    public IReadOnlyList<KeyVersionName> ProvenanceKeys =>
        [.. Attestors.SelectMany(attestor => attestor.AllRules).OfType<Provenance.ProvenanceRule>().SelectMany(rule => rule.KmsKeys).Distinct()];

    /// <summary>The attestors that <see cref="ImageFacts.Attestors"/> must hold.</summary>
    public IReadOnlyList<AttestorName> RequiredAttestors =>
        [.. Attestors.SelectMany(attestor => attestor.AllRules).OfType<Promotion.RequiredAttestationsRule>().SelectMany(rule => rule.Required).Select(required => required.Attestor).Distinct()];

    /// <summary>Reads a policy file.</summary>
    /// <param name="yaml">The text.</param>
    /// <param name="file">Its name, for errors.</param>
    /// <exception cref="ApprovalPolicyException">Everything that is wrong with it.</exception>
    public static ApprovalPolicy Parse(string yaml, string file) =>
        TryParse(yaml, file, out var policy, out var errors) ? policy : throw new ApprovalPolicyException(errors);

    /// <summary>As <see cref="Parse"/>, with the errors instead of an exception.</summary>
    public static bool TryParse(string yaml, string file, [NotNullWhen(true)] out ApprovalPolicy? policy, out IReadOnlyList<ConfigurationError> errors)
    {
        var reading = ApprovalPolicyReader.Read(yaml, file, DateTimeOffset.MinValue);
        (policy, errors) = (reading.Policy, reading.Errors);
        return policy is not null;
    }
}
