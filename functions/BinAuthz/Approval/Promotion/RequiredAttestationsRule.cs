using BinAuthz.Attestations;

namespace BinAuthz.Approval.Promotion;

/// <summary>
/// Who must have vouched for this very digest before: every one of these attestors, with a signature that verifies by
/// one of its keys. For an index the attestation of the index counts.
/// </summary>
internal sealed class RequiredAttestationsRule(IReadOnlyList<RequiredAttestation> required) : IApprovalRule
{
    public const string RuleName = "requiredAttestations";

    public string Name => RuleName;

    public EvidenceNeeds Needs => EvidenceNeeds.Attestations;

    /// <summary>The attestors, in the order of the file.</summary>
    public IReadOnlyList<RequiredAttestation> Required => required;

    public RuleResult Evaluate(ImageFacts facts, DateTimeOffset now)
    {
        RuleResult[] results = [.. required.Select(each => Weigh(each.Attestor, facts))];
        var deciding = results.MaxBy(result => result.Verdict)!;
        RuleResult[] told = [.. results.Where(result => result.Verdict != RuleVerdict.Satisfied || deciding.Verdict == RuleVerdict.Satisfied)];
        return deciding with
        {
            Reason = string.Join(" ", told.Select(result => result.Reason)),
            Remedy = string.Join(" ", told.Select(result => result.Remedy).Where(remedy => remedy.Length > 0).Distinct()),
            Evidence = [.. told.SelectMany(result => result.Evidence)],
        };
    }

    private static RuleResult Weigh(AttestorName name, ImageFacts facts)
    {
        if (!facts.Attestors.TryGetValue(name, out var evidence))
        {
            return Missing(name, facts);
        }

        if (evidence.Attestor is not { } attestor)
        {
            return new RuleResult(
                RuleName,
                RuleVerdict.Violated,
                "attestor-missing",
                $"There is no attestor {name}, so nobody can attest {facts.Image} for it.",
                $"Make {name} with `binauthz setup`, or name another attestor under {RuleName}.");
        }

        return evidence.Attestations.Count == 0 ? Missing(name, facts) : Verify(attestor, evidence.Attestations, facts);
    }

    private static RuleResult Verify(Attestor attestor, IReadOnlyList<Attestation> attestations, ImageFacts facts)
    {
        var verifier = new AttestationVerifier(attestor);
        var faults = new List<string>();
        foreach (var attestation in attestations)
        {
            switch (verifier.Verify(attestation, facts.Image.Digest))
            {
                case AttestationVerdict.Valid valid:
                    return new RuleResult(RuleName, RuleVerdict.Satisfied, "attestation-verified", $"{attestation.Name} is {attestor.Name}'s attestation of this digest, signed by {valid.KeyId}.", "")
                    {
                        Evidence = [EvidenceReference.To(attestation.Name, attestation.Payload.Span)],
                    };
                case AttestationVerdict.Invalid invalid:
                    faults.Add($"{attestation.Name}: {invalid.Reason}.");
                    break;
            }
        }

        // Awaited, not violated: a good attestation may follow a bad one, and an event tells of it.
        return new RuleResult(
            RuleName,
            RuleVerdict.Awaiting,
            "attestation-not-valid",
            $"None of {attestor.Name}'s attestations of {facts.Image} is valid. {string.Join(" ", faults)}",
            $"Attest the image as {attestor.Name} with a key that it lists; that triggers another look.")
        {
            Evidence = [.. attestations.Select(attestation => EvidenceReference.To(attestation.Name, attestation.Payload.Span))],
        };
    }

    private static RuleResult Missing(AttestorName name, ImageFacts facts) => new(
        RuleName,
        RuleVerdict.Awaiting,
        "attestation-missing",
        $"{name} has not attested {facts.Image} yet; awaited is its attestation of this digest.",
        $"Get the image approved by {name}; its attestation triggers another look.");
}
