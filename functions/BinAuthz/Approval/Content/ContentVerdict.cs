namespace BinAuthz.Approval.Content;

/// <summary>What the rules about the image's content have in common: every platform must satisfy them, and what was not read is awaited.</summary>
internal static class ContentVerdict
{
    /// <summary>Weighs the configuration of every platform.</summary>
    /// <param name="rule">The rule's name.</param>
    /// <param name="facts">What is known of the image.</param>
    /// <param name="code">The code when all is well.</param>
    /// <param name="satisfied">What is true of every platform then, such as <c>runs as a user other than root</c>.</param>
    /// <param name="find">What a readable configuration has against it.</param>
    public static RuleResult Of(string rule, ImageFacts facts, string code, string satisfied, Func<ImageConfiguration, ContentFault?> find)
    {
        if (facts.Configurations.Count == 0)
        {
            return new RuleResult(
                rule,
                RuleVerdict.Awaiting,
                "configuration-missing",
                $"The configuration of {facts.Image} was not read; awaited is the whole image, with every platform, in its registry.",
                "Push the image again if parts of it were deleted.");
        }

        var evidence = facts.Configurations.Select(each => new EvidenceReference($"{facts.Image.WithDigest(each.Manifest)}", each.Digest.Value)).ToArray();
        var faults = facts.Configurations.Select(each => (Configuration: each, Fault: Unreadable(each) ?? find(each))).Where(each => each.Fault is not null).ToArray();
        return faults.Length == 0
            ? new RuleResult(rule, RuleVerdict.Satisfied, code, $"{string.Join(", ", facts.Configurations.Select(Name))}: {satisfied}.", "") { Evidence = evidence }
            : new RuleResult(
                rule,
                RuleVerdict.Violated,
                faults[0].Fault!.Code,
                string.Join(" ", faults.Select(each => $"{Name(each.Configuration)}: {each.Fault!.Reason}.")),
                string.Join(" ", faults.Select(each => each.Fault!.Remedy).Distinct()))
            {
                Evidence = evidence,
            };
    }

    private static ContentFault? Unreadable(ImageConfiguration configuration) => configuration.Fault is { } fault
        ? new ContentFault("configuration-unreadable", fault, "Build the image with a tool that keeps to the OCI image specification.")
        : null;

    private static string Name(ImageConfiguration configuration) => $"{configuration.Platform} ({configuration.Manifest})";
}
