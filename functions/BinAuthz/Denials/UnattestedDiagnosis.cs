using BinAuthz.Approval;

namespace BinAuthz.Denials;

/// <summary>Says why an image has no attestation. Pure.</summary>
internal static class UnattestedDiagnosis
{
    /// <summary>What the command to sign needs besides.</summary>
    public const string WithApproval = "The command needs the approval policy (approval.yaml, or --approval FILE).";

    private const int ToldRules = 5;

    /// <summary>The most telling of what was found; without any, that it is not attested.</summary>
    /// <param name="facts">What was read.</param>
    /// <param name="denial">What admission says, with the note and the digest.</param>
    public static Diagnosis Of(UnattestedImage facts, string denial)
    {
        var diagnosis = Choose(facts, denial);
        return diagnosis with
        {
            Detail = string.Join(' ', facts.Unreadable.Select(each => $"Not known: {each}").Prepend(diagnosis.Detail)),
            Commit = facts.Commit,
            RefusalCodes = facts.Refusal is { } refusal ? [.. Unsatisfied(refusal.Rules).Select(rule => rule.Code).Distinct()] : [],
        };
    }

    private static Diagnosis Choose(UnattestedImage facts, string denial)
    {
        var (image, attestor) = (facts.Image, facts.Attestor);
        var sign = RemedyCommands.Sign(image, attestor);
        return facts switch
        {
            { IsInGooglesRegistry: false } => new Diagnosis(
                DiagnosisCause.UnknownRegistry,
                $"{image.Registry} is no registry of Google's, and images elsewhere are not signed. {denial}",
                "Copy the image into Artifact Registry, have it signed there and deploy it from there; or exempt it in the policy's admissionWhitelistPatterns with `binauthz policy apply`.",
                ""),
            { IsRegistered: false } => new Diagnosis(
                DiagnosisCause.DigestUnknown,
                $"The registry has no {image.Digest} of this name: it was deleted, or never pushed there.",
                "Push the image again, or deploy one of the digests that the registry has.",
                RemedyCommands.ListDigests(image.Name)),
            { Refusal.Outcome: "rejected" } => new Diagnosis(
                DiagnosisCause.RejectedByApproval,
                $"The approval policy of {facts.Refusal.Environment} refused to have it signed at {Rfc3339.Write(facts.Refusal.Time)}: {Say(facts.Refusal.Rules)}",
                "Mend what the rules name and push the image again. The command tells what they say now; it needs the approval policy (approval.yaml, or --approval FILE).",
                RemedyCommands.Explain(image, attestor)),
            { AttestedIndexes: [var index, ..] } => new Diagnosis(
                DiagnosisCause.ChildOfAttestedIndex,
                $"It is a platform of the index {index.Digest}, which is attested; the platform itself is not. {denial}",
                $"Sign the index again: its platforms are signed with it. {WithApproval}",
                RemedyCommands.Sign(index, attestor)),
            { OtherNotes: [_, ..] } => new Diagnosis(
                DiagnosisCause.AttestedUnderAnotherNote,
                $"It is attested under {string.Join(" and ", facts.OtherNotes)}, and {attestor.Name} looks at {attestor.Note} alone.",
                $"Have it signed for {attestor.Name}. {WithApproval}",
                sign),
            { Refusal: { } waiting } => new Diagnosis(
                DiagnosisCause.NotAttested,
                $"{denial} When it was weighed at {Rfc3339.Write(waiting.Time)}, evidence was missing: {Say(waiting.Rules)}",
                $"When the evidence is there it is signed of itself; the command weighs it now. {WithApproval}",
                sign),
            _ => new Diagnosis(DiagnosisCause.NotAttested, denial, $"Have it signed. {WithApproval}", sign),
        };
    }

    private static string Say(IReadOnlyList<RuleResult> rules)
    {
        RuleResult[] told = [.. Unsatisfied(rules)];
        return string.Join(' ', told.Take(ToldRules).Select(rule => $"[{rule.Code}] {rule.Reason}")) + (told.Length > ToldRules ? $" And {told.Length - ToldRules} more." : "");
    }

    // The parts say more than what joins them.
    private static IEnumerable<RuleResult> Unsatisfied(IEnumerable<RuleResult> rules) =>
        rules.Where(rule => rule.Verdict != RuleVerdict.Satisfied).SelectMany(rule => rule.Parts.Count > 0 ? Unsatisfied(rule.Parts) : [rule]);
}
