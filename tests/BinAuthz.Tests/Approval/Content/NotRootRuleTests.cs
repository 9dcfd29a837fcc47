using BinAuthz.Approval;

namespace BinAuthz.Tests.Approval.Content;

public sealed class NotRootRuleTests
{
    [Theory]
    [InlineData("", "user-is-root")]
    [InlineData(" ", "user-is-root")]
    [InlineData("\t\n", "user-is-root")]
    [InlineData("root", "user-is-root")]
    [InlineData(" root ", "user-is-root")]
    [InlineData("root:root", "user-is-root")] // trap: Voucher's nobody
    [InlineData("root:1000", "user-is-root")]
    [InlineData("root:", "user-is-root")]
    [InlineData("0", "user-is-root")]
    [InlineData("0:0", "user-is-root")]
    [InlineData("0:1000", "user-is-root")] // trap: Voucher's nobody
    [InlineData("0:app", "user-is-root")]
    [InlineData("00", "user-is-root")]
    [InlineData("000:5", "user-is-root")]
    [InlineData("+0", "user-is-root")]
    [InlineData("-0", "user-is-root")]
    [InlineData(" 0", "user-is-root")]
    [InlineData("0\n", "user-is-root")]
    [InlineData(":", "user-is-root")]
    [InlineData(":1000", "user-is-root")]
    [InlineData("app", "user-not-numeric")]
    [InlineData("app:1000", "user-not-numeric")]
    [InlineData("Root", "user-not-numeric")]
    [InlineData("0x0", "user-not-numeric")]
    [InlineData("\u0660", "user-not-numeric")] // a zero that is no ASCII digit
    [InlineData("root\0", "user-not-numeric")]
    [InlineData("-1", "user-not-numeric")]
    [InlineData("+1000", "user-not-numeric")]
    [InlineData(" 1000", "user-not-numeric")]
    [InlineData("1000:1000:1000", "user-not-numeric")]
    [InlineData("2147483648", "user-not-numeric")]
    [InlineData("4294967296", "user-not-numeric")] // trap: root in containerd before 2.0.4
    [InlineData("99999999999999999999", "user-not-numeric")]
    public void Evaluate_RootOrUnknowableUser_IsViolated(string user, string code)
    {
        var result = ContentSamples.Evaluate("notRoot: true", ContentSamples.Good with { User = user });

        Assert.Equal((RuleVerdict.Violated, code), (result.Verdict, result.Code));
        Assert.Contains($"'{user}'", result.Reason, StringComparison.Ordinal);
        Assert.NotEmpty(result.Remedy);
    }

    [Theory]
    [InlineData("1")]
    [InlineData("65532")]
    [InlineData("1000:0")]
    [InlineData("1000:root")]
    [InlineData("0010")]
    [InlineData("2147483647")]
    public void Evaluate_Number_IsSatisfied(string user)
    {
        var result = ContentSamples.Evaluate("notRoot: true", ContentSamples.Good with { User = user });

        Assert.Equal((RuleVerdict.Satisfied, "not-root"), (result.Verdict, result.Code));
        Assert.Equal([new EvidenceReference(ContentSamples.Image.ToString(), ContentSamples.Good.Digest.Value)], result.Evidence);
    }

    [Theory]
    [InlineData("app", nameof(RuleVerdict.Satisfied))]
    [InlineData("nonroot:nonroot", nameof(RuleVerdict.Satisfied))]
    [InlineData("65532", nameof(RuleVerdict.Satisfied))]
    [InlineData("App", nameof(RuleVerdict.Violated))]
    [InlineData("app ", nameof(RuleVerdict.Violated))]
    [InlineData("application", nameof(RuleVerdict.Violated))]
    [InlineData("root", nameof(RuleVerdict.Violated))]
    [InlineData("", nameof(RuleVerdict.Violated))]
    public void Evaluate_NamesListed_AreAllowedExactly(string user, string verdict) =>
        Assert.Equal(verdict, ContentSamples.Evaluate("notRoot:\n  names: [app, nonroot]", ContentSamples.Good with { User = user }).Verdict.ToString());

    [Fact]
    public void Evaluate_OnePlatformIsRoot_NamesPlatformAndDigest()
    {
        var arm = ContentSamples.Good with { Manifest = ContentSamples.DigestOf('b'), Platform = "linux/arm64", User = "" };

        var result = ContentSamples.Evaluate("notRoot: true", ContentSamples.Good, arm);

        Assert.Equal((RuleVerdict.Violated, "user-is-root"), (result.Verdict, result.Code));
        Assert.StartsWith($"linux/arm64 ({arm.Manifest})", result.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain("amd64", result.Reason, StringComparison.Ordinal);
        Assert.Equal(2, result.Evidence.Count);
    }

    [Theory]
    [InlineData("notRoot: true")]
    [InlineData("labels: {team: payments}")]
    [InlineData("maxImageAge: 30d")]
    public void Evaluate_NothingRead_IsAwaited(string rule)
    {
        var result = ContentSamples.Rule(rule).Evaluate(ImageFacts.ByName(ContentSamples.Image), ContentSamples.Now);

        Assert.Equal((RuleVerdict.Awaiting, "configuration-missing"), (result.Verdict, result.Code));
        Assert.Equal(EvidenceNeeds.Configurations, ContentSamples.Rule(rule).Needs);
    }

    [Theory]
    [InlineData("notRoot: true")]
    [InlineData("labels: {team: payments}")]
    [InlineData("maxImageAge: 30d")]
    public void Evaluate_UnreadableConfiguration_IsViolated(string rule)
    {
        var result = ContentSamples.Evaluate(rule, ContentSamples.Good with { Fault = "its configuration cannot be read: x" });

        Assert.Equal((RuleVerdict.Violated, "configuration-unreadable"), (result.Verdict, result.Code));
        Assert.Contains("cannot be read: x", result.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("notRoot: false", 6, 12, "must be true, or a mapping")]
    [InlineData("notRoot: 'true'", 6, 12, "must be true, or a mapping")]
    [InlineData("notRoot: [app]", 6, 12, "must be true, or a mapping")]
    [InlineData("notRoot: {}", 6, 12, "The key 'names' is missing.")]
    [InlineData("notRoot: {users: [app], names: [app]}", 6, 13, "rules.notRoot has no key 'users'.")]
    [InlineData("notRoot: {names: []}", 6, 20, "rules.notRoot.names must not be empty.")]
    [InlineData("notRoot:\n  names:\n    - app\n    - root", 9, 9, "'root' can not be listed")]
    [InlineData("notRoot: {names: [ROOT]}", 6, 21, "'ROOT' can not be listed")]
    [InlineData("notRoot: {names: ['0']}", 6, 21, "'0' is not a user name.")]
    [InlineData("notRoot: {names: [0]}", 6, 21, "must be text and is '0'.")]
    [InlineData("notRoot: {names: ['app:app']}", 6, 21, "'app:app' is not a user name.")]
    [InlineData("notRoot: {names: [app, app]}", 6, 26, "'app' stands twice")]
    public void Read_Fault_IsReportedWhereItStands(string rule, int line, int column, string text)
    {
        var error = ContentSamples.Error(rule);

        Assert.Equal((line, column), (error.Line, error.Column));
        Assert.Contains(text, error.Rule, StringComparison.Ordinal);
        Assert.NotEmpty(error.Remedy);
    }
}
