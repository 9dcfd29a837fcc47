namespace BinAuthz.Approval.Content;

/// <summary><c>labels</c>: what the image must say of itself. Names and values are compared exactly.</summary>
/// <param name="required">The labels, each with the values it may have.</param>
internal sealed class LabelsRule(IReadOnlyDictionary<string, IReadOnlyList<string>> required) : IApprovalRule
{
    public const string RuleName = "labels";

    public string Name => RuleName;

    public EvidenceNeeds Needs => EvidenceNeeds.Configurations;

    public RuleResult Evaluate(ImageFacts facts, DateTimeOffset now) =>
        ContentVerdict.Of(Name, facts, "labels-as-required", $"has {string.Join(" and ", required.Select(label => $"{label.Key} with the value {Values(label.Value)}"))}", Find);

    private ContentFault? Find(ImageConfiguration configuration)
    {
        ContentFault[] faults = [.. required.Select(label => Find(configuration, label.Key, label.Value)).OfType<ContentFault>()];
        return faults.Length == 0
            ? null
            : new ContentFault(faults[0].Code, string.Join("; ", faults.Select(fault => fault.Reason)), string.Join(" ", faults.Select(fault => fault.Remedy)));
    }

    private static ContentFault? Find(ImageConfiguration configuration, string label, IReadOnlyList<string> values)
    {
        if (!configuration.Labels.TryGetValue(label, out var actual))
        {
            return new ContentFault("label-missing", $"it has no label {label}", $"Build it with {label} set to {Values(values)}.");
        }

        return values.Contains(actual, StringComparer.Ordinal)
            ? null
            : new ContentFault("label-not-allowed", $"its label {label} is '{actual}', not {Values(values)}", $"Build it with {label} set to {Values(values)}.");
    }

    private static string Values(IReadOnlyList<string> values) => string.Join(" or ", values.Select(value => $"'{value}'"));
}
