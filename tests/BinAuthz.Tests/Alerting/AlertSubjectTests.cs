using BinAuthz.Alerting;
using BinAuthz.Denials;

namespace BinAuthz.Tests.Alerting;

public sealed class AlertSubjectTests
{
    private static readonly Finding Denial = AlertSamples.Denial;

    public static TheoryData<string> Others { get; } = ["environment", "kind", "project", "cluster", "namespace", "owner", "image", "change", "shifted"];

    [Theory]
    [MemberData(nameof(Others))]
    public void Of_AnotherSubject_HasAnotherId(string what)
    {
        var (finding, environment) = what switch
        {
            "environment" => (Denial, "staging"),
            "kind" => (Denial with { Kind = FindingKind.DryRunDenial }, "production"),
            "project" => (Denial with { Source = Denial.Source with { Project = "acme-other" } }, "production"),
            "cluster" => (Denial with { Source = Denial.Source with { Place = "us-central1.other" } }, "production"),
            "namespace" => (Denial with { Namespace = "other" }, "production"),
            "owner" => (Denial with { Workload = "" }, "production"),
            "image" => (Denial with { Image = null }, "production"),
            "change" => (Denial with { Change = new TrustChange(TrustChangeKind.Policy, "projects/acme-prod/policy", "UpdatePolicy") }, "production"),
            _ => (Denial with { Namespace = Denial.Namespace + Denial.Workload[..1], Workload = Denial.Workload[1..] }, "production"),
        };

        Assert.NotEqual(AlertSubject.Of(Denial, "production").Id, AlertSubject.Of(finding, environment).Id);
    }

    [Fact]
    public void Of_AnotherPodOfTheSame_HasTheSameId() => Assert.Equal(
        AlertSubject.Of(Denial, "production"),
        AlertSubject.Of(Denial with { Source = Denial.Source with { InsertId = "2", Time = AlertSamples.Now.AddHours(1) }, Message = "pods \"web-2\" is forbidden" }, "production"));

    [Fact]
    public void Of_AuditFinding_IsAnotherForOtherWords()
    {
        var told = AuditFindings.Finding;

        Assert.Equal(AlertSubject.Of(told, "production"), AlertSubject.Of(told with { Source = told.Source with { InsertId = "2" } }, "production"));
        Assert.NotEqual(AlertSubject.Of(told, "production"), AlertSubject.Of(told with { Message = "somebody else's" }, "production"));
    }

    [Fact]
    public void OpenWork_NameOfAWindow_IsReadBack()
    {
        var work = OpenWork.Of(AlertSamples.Now, AlertSamples.Claim(Denial).Window);

        Assert.True(OpenWork.TryParse(work.ToString(), out var read));
        Assert.Equal(work, read);
    }

    [Fact]
    public void OpenWork_NameOfADigest_IsReadBack()
    {
        var work = OpenWork.Digest(AlertSamples.Now, AlertBurst.PoolOf(AlertSamples.Claim(Denial).First));

        Assert.True(OpenWork.TryParse(work.ToString(), out var read));
        Assert.Equal(work, read);
    }

    [Theory]
    [InlineData("")]
    [InlineData("20261001T090004654Z/window/abc")]
    [InlineData("20261001T090004654Z/window/abc/NoCause/00000001")]
    [InlineData("yesterday/digest/production/denial-error")]
    public void OpenWork_OtherName_IsNotRead(string name) => Assert.False(OpenWork.TryParse(name, out _));

    [Fact]
    public void LoggedAt_SameEntry_IsTheSameWhateverTheMessage()
    {
        var entry = LoggedAt.Of(Denial.Source, "1001");

        Assert.Equal(entry, LoggedAt.Of(Denial.Source, "1002"));
        Assert.Equal(entry, LoggedAt.Parse(entry.ToString()));
        Assert.NotEqual(LoggedAt.Of(Denial.Source with { InsertId = "" }, "1001"), LoggedAt.Of(Denial.Source with { InsertId = "" }, "1002"));
    }
}
