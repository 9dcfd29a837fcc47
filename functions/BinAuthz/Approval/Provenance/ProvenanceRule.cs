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
        var weighed = facts.Provenance.Select(envelope => (Envelope: envelope, Fault: check.Weigh(envelope))).ToArray();
        return Array.Find(weighed, entry => entry.Fault is null) is { Envelope: { } genuine }
            ? Satisfied(genuine, weighed)
            : Violated(weighed);
    }

    // What does not count beside it is told, since somebody may have put it there.
    private RuleResult Satisfied(ProvenanceEnvelope genuine, IReadOnlyList<(ProvenanceEnvelope Envelope, ProvenanceFault? Fault)> weighed)
    {
        var others = weighed.Where(entry => entry.Fault is not null).ToLookup(entry => IsGooglesOther(entry.Envelope, entry.Fault!));
        var unused = string.Concat(others[true].Select(entry => $" {entry.Envelope.OccurrenceName} names keys of Google's builder that the policy does not list, and was not needed."));
        return new RuleResult(
            Name, RuleVerdict.Satisfied, "provenance-verified", $"{genuine.OccurrenceName} is signed provenance of this digest by a trusted builder from an allowed source.{unused}", "")
        {
            Evidence = [EvidenceReference.To(genuine.OccurrenceName, genuine.Payload.Span)],
            Warnings = [.. others[false].Select(entry => $"{entry.Envelope.OccurrenceName} stands beside {genuine.OccurrenceName} and does not count as provenance: [{entry.Fault!.Code}] {entry.Fault.Reason}.")],
        };
    }

    // One is enough, and none is: the first fault gives the code, an unknown key's only when there is no other. Every reason is told.
    private RuleResult Violated(IReadOnlyList<(ProvenanceEnvelope Envelope, ProvenanceFault? Fault)> weighed) =>
        new(
            Name,
            RuleVerdict.Violated,
            weighed.Select(entry => entry.Fault!.Code).OrderBy(code => code == ProvenanceFault.KeyUnknown).First(),
            string.Join(" ", weighed.Select(entry => $"{entry.Envelope.OccurrenceName}: {entry.Fault!.Reason}.")),
            string.Join(" ", weighed.Select(entry => entry.Fault!.Remedy).Distinct()))
        {
            Evidence = [.. weighed.Select(entry => EvidenceReference.To(entry.Envelope.OccurrenceName, entry.Envelope.Payload.Span))],
        };

    // Cloud Build stores SLSA v0.1 beside v1, signed by other keys of its own: no reason to warn at every image.
    private static bool IsGooglesOther(ProvenanceEnvelope envelope, ProvenanceFault fault) =>
        fault.Code == ProvenanceFault.KeyUnknown && envelope.Signatures.All(signature => signature.KeyId.StartsWith("projects/verified-builder/", StringComparison.Ordinal));
}
