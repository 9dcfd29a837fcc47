using BinAuthz.Keys;

namespace BinAuthz.Approval.Provenance;

/// <summary>Who must have built the image, from what: provenance signed by a trusted key, about this very digest.</summary>
internal sealed class ProvenanceRule(ProvenanceRequirements requirements) : IApprovalRule
{
    public const string RuleName = "provenance";

    public string Name => RuleName;

    public EvidenceNeeds Needs => EvidenceNeeds.Provenance;

    /// <summary>The keys to be read from Cloud KMS.</summary>
    public IReadOnlyList<KeyVersionName> KmsKeys { get; } = [.. requirements.Keys.OfType<ProvenanceKey.InKms>().Select(key => key.Version)];

    public RuleResult Evaluate(ImageFacts facts, DateTimeOffset now)
    {
        if (facts.Provenance.Count == 0)
        {
            return new RuleResult(
                Name,
                RuleVerdict.Awaiting,
                "provenance-missing",
                $"No build provenance is stored yet for {facts.Image}; awaited is a BUILD occurrence by {string.Join(" or ", requirements.Builders)}.",
                "Build the image with a trusted builder; its provenance triggers another look.");
        }

        var check = new ProvenanceCheck(requirements, facts);
        var faults = new List<(string Occurrence, ProvenanceFault Fault)>();
        foreach (var envelope in facts.Provenance)
        {
            if (check.Weigh(envelope) is not { } fault)
            {
                return new RuleResult(Name, RuleVerdict.Satisfied, "provenance-verified", $"{envelope.OccurrenceName} is signed provenance of this digest by a trusted builder from an allowed source.", "")
                {
                    Evidence = [EvidenceReference.To(envelope.OccurrenceName, envelope.Payload.Span)],
                };
            }

            faults.Add((envelope.OccurrenceName, fault));
        }

        // One is enough, and none is: the first fault gives the code, every reason is told.
        return new RuleResult(
            Name,
            RuleVerdict.Violated,
            faults[0].Fault.Code,
            string.Join(" ", faults.Select(entry => $"{entry.Occurrence}: {entry.Fault.Reason}.")),
            string.Join(" ", faults.Select(entry => entry.Fault.Remedy).Distinct()))
        {
            Evidence = [.. facts.Provenance.Select(envelope => EvidenceReference.To(envelope.OccurrenceName, envelope.Payload.Span))],
        };
    }
}
