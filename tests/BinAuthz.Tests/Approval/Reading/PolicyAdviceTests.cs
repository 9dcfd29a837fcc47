using System.Text;
using BinAuthz.Approval.Reading;

namespace BinAuthz.Tests.Approval.Reading;

public sealed class PolicyAdviceTests
{
    private const string Provenance =
        "{builders: [b], sources: [https://github.com/acme/app], keys: [{kms: projects/p/locations/l/keyRings/r/cryptoKeys/k/cryptoKeyVersions/1}]}";

    [Theory]
    [InlineData("production", "mode: dryRun\nrules: {repositories: [gcr.io/a/b], provenance: P}", 3, 7, "Production is in a dry run")]
    [InlineData("production", "rules: {repositories: none, provenance: P}", 3, 23, "Images of every repository are allowed.")]
    [InlineData("staging", "rules: {repositories: none, provenance: P}", 3, 23, "Images of every repository are allowed.")]
    [InlineData("staging", "rules: {repositories: [gcr.io/**], provenance: none}", 3, 24, "'gcr.io/**' allows every repository of the registry")]
    [InlineData("staging", "rules: {repositories: [{image: gcr.io/**, tags: [v1]}], provenance: none}", 3, 32, "'gcr.io/**' allows every repository of the registry")]
    [InlineData("production", "rules: {repositories: [gcr.io/a/b], provenance: none}", 3, 49, "Production signs images without provenance")]
    [InlineData("production", "rules: {any: [{repositories: [gcr.io/a/b], provenance: none}, {repositories: [gcr.io/c/d], provenance: P}]}", 3, 56, "Production signs images without provenance")]
    [InlineData("staging", "rules: {repositories: [gcr.io/a/b], provenance: P}", 3, 75, "'https://github.com/**' allows every source of the host")]
    [InlineData("staging", "rules: {repositories: [gcr.io/a/b], provenance: none, any: [{repositories: [gcr.io/a/b]}]}", 3, 60, "any has a single entry")]
    public void Read_QuestionablePolicy_WarnsWhereItStands(string environment, string rest, int line, int column, string rule)
    {
        var provenance = rule.Contains("source", StringComparison.Ordinal) ? Provenance.Replace("https://github.com/acme/app", "https://github.com/**", StringComparison.Ordinal) : Provenance;
        var reading = ApprovalPolicyReader.Read($"environment: {environment}\nattestor: projects/p/attestors/a\n{rest.Replace(": P", $": {provenance}", StringComparison.Ordinal)}\n", "approval.yaml", DateTimeOffset.MinValue);

        Assert.Empty(reading.Errors);
        var warning = Assert.Single(reading.Warnings);
        Assert.StartsWith(rule, warning.Rule, StringComparison.Ordinal);
        Assert.Equal((line, column), (warning.Line, warning.Column));
        Assert.NotEmpty(warning.Remedy);
    }

    [Theory]
    [InlineData("production", "rules: {repositories: [gcr.io/a/**], provenance: P}")]
    [InlineData("production", "deadline: 24h\nrules: {repositories: [gcr.io/a/*], provenance: P}")]
    [InlineData("staging", "mode: dryRun\nrules: {repositories: [gcr.io/a/b], provenance: none}")]
    [InlineData("development", "rules: {repositories: [gcr.io/a/b], provenance: none, any: [{repositories: [gcr.io/a/b]}, {repositories: [gcr.io/a/*]}]}")]
    public void Read_PlainPolicy_WarnsOfNothing(string environment, string rest)
    {
        var reading = ApprovalPolicyReader.Read($"environment: {environment}\nattestor: projects/p/attestors/a\n{rest.Replace(": P", $": {Provenance}", StringComparison.Ordinal)}\n", "approval.yaml", DateTimeOffset.MinValue);

        Assert.NotNull(reading.Policy);
        Assert.Empty(reading.Warnings);
    }

    [Fact]
    public void Read_LargerThanOneMebibyte_IsRefused()
    {
        var yaml = new StringBuilder("environment: production\n").Append('#', ApprovalPolicyReader.MaximumBytes).ToString();

        Assert.Contains("larger than 1 MiB", Assert.Single(ApprovalPolicyReader.Read(yaml, "approval.yaml", DateTimeOffset.MinValue).Errors).Rule, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_NestedTooDeeply_IsRefused()
    {
        var yaml = "environment: " + new string('[', 10_000);

        Assert.Contains("nested too deeply", Assert.Single(ApprovalPolicyReader.Read(yaml, "approval.yaml", DateTimeOffset.MinValue).Errors).Rule, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_DamagedDocuments_AreReadOrRefusedAndNeverThrow()
    {
        const string Scraps = "{}[]:,-#&*!|>'\"%@` \t\n\0\u0085\uFEFF0a";
        var random = new Random(20261001);
        string[] corpus = [.. Directory.EnumerateFiles(TestData.FullPath("approval/valid")).Select(File.ReadAllText)];
        for (var i = 0; i < 3000; i++)
        {
            var text = new StringBuilder(corpus[random.Next(corpus.Length)]);
            for (var change = random.Next(1, 4); change > 0; change--)
            {
                var at = random.Next(text.Length);
                text.Remove(at, random.Next(0, Math.Min(5, text.Length - at))).Insert(at, Scraps[random.Next(Scraps.Length)]);
            }

            var reading = ApprovalPolicyReader.Read(text.ToString(), "approval.yaml", DateTimeOffset.MinValue);

            Assert.True(reading.Policy is null == reading.Errors.Count > 0, text.ToString());
        }
    }

    [Fact]
    public void Read_AnchorBomb_IsRefusedAtTheFirstAnchor()
    {
        var yaml = "a: &a [x, x]\n" + string.Concat(Enumerable.Range(0, 25).Select(i => $"{(char)('b' + i)}: &{(char)('b' + i)} [*{(char)('a' + i)}, *{(char)('a' + i)}]\n"));

        var error = Assert.Single(ApprovalPolicyReader.Read(yaml, "approval.yaml", DateTimeOffset.MinValue).Errors);
        Assert.Contains("Anchors, aliases and tags are not used here.", error.Rule, StringComparison.Ordinal);
        Assert.Equal(1, error.Line);
    }
}
