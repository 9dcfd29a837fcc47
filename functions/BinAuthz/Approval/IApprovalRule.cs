namespace BinAuthz.Approval;

/// <summary>One rule of a policy, named by the word used in the file.</summary>
internal interface IApprovalRule
{
    /// <summary>The word in the file, such as <c>repositories</c>.</summary>
    string Name { get; }

    /// <summary>Weighs an image; a pure function of the facts and the time.</summary>
    RuleResult Evaluate(ImageFacts facts, DateTimeOffset now);
}
