using BinAuthz.Approval;
using BinAuthz.Approval.Content;
using BinAuthz.Images;
using BinAuthz.Yaml;

namespace BinAuthz.Tests.Approval.Content;

/// <summary>Configurations of one image, and policies with one rule about them.</summary>
internal static class ContentSamples
{
    public static DateTimeOffset Now { get; } = new(2026, 4, 1, 12, 0, 0, TimeSpan.Zero);

    public static ImageReference Image { get; } = ImageReference.Parse($"us-docker.pkg.dev/acme-prod/apps/web@{DigestOf('a')}");

    public static ImageConfiguration Good { get; } = new(Image.Digest, DigestOf('c'), "linux/amd64", "65532", Now, new Dictionary<string, string> { ["team"] = "payments" });

    public static ImageDigest DigestOf(char digit) => ImageDigest.Parse($"sha256:{new string(digit, 64)}");

    public static IApprovalRule Rule(string rule) => ApprovalPolicy.Parse(Yaml(rule), "approval.yaml").Attestors[0].Rules[^1];

    public static RuleResult Evaluate(string rule, params ImageConfiguration[] configurations) =>
        Rule(rule).Evaluate(new ImageFacts(Image) { Configurations = configurations }, Now);

    public static ConfigurationError Error(string rule)
    {
        Assert.False(ApprovalPolicy.TryParse(Yaml(rule), "approval.yaml", out _, out var errors));
        return Assert.Single(errors);
    }

    /// <summary>The rule begins on line 6, in column 3.</summary>
    private static string Yaml(string rule) =>
        $"environment: production\nattestor: projects/acme-prod/attestors/a\nrules:\n  repositories: [us-docker.pkg.dev/acme-prod/apps/**]\n  provenance: none\n  {rule.ReplaceLineEndings("\n  ")}\n";
}
