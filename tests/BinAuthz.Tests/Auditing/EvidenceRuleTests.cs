using BinAuthz.Auditing;
using BinAuthz.Auditing.Facts;
using BinAuthz.GoogleCloud;
using static BinAuthz.Tests.Auditing.CleanAccess;

namespace BinAuthz.Tests.Auditing;

/// <summary>Whether evidence stays as it was written: BA506.</summary>
public sealed class EvidenceRuleTests
{
    private const string Name = "gs://acme-prod-binauthz-evidence";
    private static readonly BucketDescription Locked = new(TimeSpan.FromDays(400), true, false);
    private static readonly BucketDescription Unlocked = new(TimeSpan.FromDays(400), false, false);
    private static readonly BucketDescription Unprotected = new(null, true, true);

    [Fact]
    public void Judge_NoBucket_IsFound() => Assert.Equal((Name, AuditSeverity.High, "Make it with `binauthz setup`."), Described(Judged.Finding("BA506", Of(CleanFacts.Facts, null))));

    [Fact]
    public void Judge_NoRetention_IsFound() => Assert.Equal(
        (Name, AuditSeverity.Medium, $"`gcloud storage buckets update {Name} --retention-period=400d`, and lock it when the period is right."), Described(Judged.Finding("BA506", Of(CleanFacts.Facts, Unprotected))));

    [Fact]
    public void Judge_RetentionNotLocked_FindsNothingByItself() => Assert.Empty(Judged.Findings("BA506", Of(CleanFacts.Facts, Unlocked)));

    [Theory]
    [InlineData("roles/storage.objectAdmin", "delete and overwrite evidence (storage.objects.delete)", nameof(AuditSeverity.High))]
    [InlineData("roles/storage.legacyBucketWriter", "delete and overwrite evidence (storage.objects.delete)", nameof(AuditSeverity.High))]
    [InlineData("roles/iam.securityAdmin", "grant access to evidence (storage.buckets.setIamPolicy)", nameof(AuditSeverity.Medium))]
    [InlineData(
        "roles/storage.admin",
        "change the bucket's retention (storage.buckets.update), grant access to evidence (storage.buckets.setIamPolicy), delete and overwrite evidence (storage.objects.delete)",
        nameof(AuditSeverity.High))]
    public void Judge_MembersWithoutRetention_AreFound(string role, string may, string severity)
    {
        var finding = Judged.Findings("BA506", Of(With(Bucket, Grant(role, Mallory)), Unprotected)).Single(finding => finding.Resource != Name);

        Assert.Equal(($"{Name}/members/{Mallory}", severity, $"{Mallory} may {may}, by {role}."), (finding.Resource, finding.Severity.ToString(), finding.Detail));
    }

    [Theory]
    [InlineData("roles/storage.objectAdmin", null)]
    [InlineData("roles/storage.admin", nameof(AuditSeverity.Medium))]
    [InlineData("roles/storage.legacyBucketOwner", nameof(AuditSeverity.Medium))]
    public void Judge_MembersWithRetention_AreFoundWhenTheyCanTakeItAway(string role, string? severity) =>
        Assert.Equal(severity, Judged.Findings("BA506", Of(With(Project, Grant(role, Mallory)), Unlocked)).SingleOrDefault()?.Severity.ToString());

    [Fact]
    public void Judge_MembersWithLockedRetention_AreNotFound() => Assert.Empty(Judged.Findings("BA506", Of(With(Bucket, Grant("roles/storage.admin", Mallory)), Locked)));

    [Fact]
    public void Judge_AdministratorWithoutRetention_IsLow()
    {
        var facts = WithOptions(Of(With(Bucket, Grant("roles/storage.admin", Mallory)), Unprotected), Administered(Mallory));

        var finding = Judged.Findings("BA506", facts).Single(finding => finding.Resource != Name);

        Assert.Equal((AuditSeverity.Low, $"{Mallory} may delete and overwrite evidence (storage.objects.delete), by roles/storage.admin."), (finding.Severity, finding.Detail));
        Assert.EndsWith($"To take it away: `gcloud storage buckets remove-iam-policy-binding {Name} --member={Mallory} --role=roles/storage.admin --all`.", finding.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void Judge_UnknownRole_IsALowFinding() => Assert.Equal(AuditSeverity.Low, Judged.Finding("BA506", Of(With(Bucket, Grant("roles/storage.brandNew", Mallory)), Locked)).Severity);

    [Fact]
    public void Judge_BucketThatCannotBeRead_IsNotAssessedAndTakenForUnprotected()
    {
        var facts = With(Bucket, Grant("roles/storage.objectAdmin", Mallory));

        var not = Assert.IsType<RuleAssessment.NotAssessed>(Judged.By("BA506", facts with { Access = facts.Access with { Bucket = CleanFacts.Unknown<BucketDescription?>() } }));

        Assert.Equal(AuditSeverity.High, Assert.Single(not.Findings).Severity);
    }

    private static AuditFacts Of(AuditFacts facts, BucketDescription? bucket) => facts with { Access = facts.Access with { Bucket = CleanFacts.Known(bucket) } };

    private static (string Resource, AuditSeverity Severity, string Remedy) Described(AuditFinding finding) => (finding.Resource, finding.Severity, finding.Remedy);
}
