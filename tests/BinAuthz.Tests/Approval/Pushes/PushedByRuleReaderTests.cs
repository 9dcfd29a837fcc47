using BinAuthz.Approval;

namespace BinAuthz.Tests.Approval.Pushes;

public sealed class PushedByRuleReaderTests
{
    public const string Valid = """
        environment: production
        attestor: projects/acme-prod/attestors/production-attestor
        rules:
          repositories: none
          provenance: none
          pushedBy:
            - cloudbuild@acme-prod.iam.gserviceaccount.com
            - "*@acme-ci.iam.gserviceaccount.com"
        """;

    [Fact]
    public void Parse_Valid_NeedsPushes() => Assert.Equal(EvidenceNeeds.Pushes, ApprovalPolicy.Parse(Valid, "approval.yaml").Needs);

    [Theory]
    [InlineData("\"*\"", "a * stands for everything before the @, and nowhere else")]
    [InlineData("\"*@*\"", "a * stands for everything before the @, and nowhere else")]
    [InlineData("\"*@*.iam.gserviceaccount.com\"", "a * stands for everything before the @, and nowhere else")]
    [InlineData("ci-*@acme-prod.iam.gserviceaccount.com", "a * stands for everything before the @, and nowhere else")]
    [InlineData("\"**@acme-ci.iam.gserviceaccount.com\"", "a * stands for everything before the @, and nowhere else")]
    [InlineData("serviceAccount:ci@acme-prod.iam.gserviceaccount.com", "without a prefix such as serviceAccount:")]
    [InlineData("allUsers", "it is an e-mail address")]
    [InlineData("ci@acme", "it is an e-mail address")]
    [InlineData("ci@Acme.example", "its domain in lower-case letters")]
    [InlineData("a b@acme.example", "it is an e-mail address")]
    [InlineData("\"ci@acme.example\\n\"", "it is an e-mail address")]
    [InlineData("cloudbuild@acme-prod.iam.gserviceaccount.com", "stands twice in rules.pushedBy.")]
    [InlineData("true", "must be text")]
    public void TryParse_Entry_IsReportedWhereItStands(string entry, string rule)
    {
        Assert.False(ApprovalPolicy.TryParse(Valid.Replace("\"*@acme-ci.iam.gserviceaccount.com\"", entry, StringComparison.Ordinal), "approval.yaml", out _, out var errors));

        var error = Assert.Single(errors);
        Assert.Equal((8, 7), (error.Line, error.Column));
        Assert.Contains(rule, error.Rule, StringComparison.Ordinal);
        Assert.NotEmpty(error.Remedy);
    }

    [Theory]
    [InlineData("pushedBy: []", 13, "must not be empty")]
    [InlineData("pushedBy: ci@acme.example", 13, "must be a list")]
    [InlineData("pushedBy: {}", 13, "must be a list")]
    public void TryParse_Section_IsAListOfSome(string section, int column, string rule)
    {
        Assert.False(ApprovalPolicy.TryParse(Valid[..Valid.IndexOf("pushedBy", StringComparison.Ordinal)] + section + "\n", "approval.yaml", out _, out var errors));

        var error = Assert.Single(errors, error => error.Rule.Contains(rule, StringComparison.Ordinal));
        Assert.Equal((6, column), (error.Line, error.Column));
    }
}
