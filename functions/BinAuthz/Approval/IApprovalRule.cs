namespace BinAuthz.Approval;

/// <summary>One rule of a policy, named by the word used in the file.</summary>
internal interface IApprovalRule
{
    /// <summary>The word in the file, such as <c>repositories</c>.</summary>
    string Name { get; }

    /// <summary>What must have been read for a verdict other than awaiting.</summary>
    EvidenceNeeds Needs { get; }

    /// <summary>
    /// Weighs an image; a pure function of the facts and the time. Facts that are not there are awaited: they are
    /// neither in the image's favour nor against it.
    /// </summary>
    RuleResult Evaluate(ImageFacts facts, DateTimeOffset now);
}
