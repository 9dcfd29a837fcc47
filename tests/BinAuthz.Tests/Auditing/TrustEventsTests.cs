using BinAuthz.Auditing;
using BinAuthz.Auditing.Facts;
using BinAuthz.Denials;
using BinAuthz.Tests.Denials;

namespace BinAuthz.Tests.Auditing;

/// <summary>Changes of what is trusted: BA604.</summary>
public sealed class TrustEventsTests
{
    private const string Attestor = "projects/acme-prod/attestors/production-attestor";
    private const string Ann = "ann@acme.example";
    private const string Rotator = "production-rotator@acme-prod.iam.gserviceaccount.com";

    [Theory]
    [InlineData(nameof(TrustChangeKind.Policy), Ann, nameof(AuditSeverity.High))]
    [InlineData(nameof(TrustChangeKind.Attestor), Ann, nameof(AuditSeverity.High))]
    [InlineData(nameof(TrustChangeKind.AttestorDeleted), Ann, nameof(AuditSeverity.High))]
    [InlineData(nameof(TrustChangeKind.Access), Ann, nameof(AuditSeverity.High))]
    [InlineData(nameof(TrustChangeKind.KeyEnabled), Ann, nameof(AuditSeverity.High))]
    [InlineData(nameof(TrustChangeKind.KeyDisabled), Ann, nameof(AuditSeverity.Medium))]
    [InlineData(nameof(TrustChangeKind.KeyDestroyed), Ann, nameof(AuditSeverity.Medium))]
    [InlineData(nameof(TrustChangeKind.KeyRestored), Ann, nameof(AuditSeverity.Medium))]
    [InlineData(nameof(TrustChangeKind.KeyRevoked), Ann, nameof(AuditSeverity.Medium))]
    [InlineData(nameof(TrustChangeKind.Attestor), Rotator, nameof(AuditSeverity.Note))]
    [InlineData(nameof(TrustChangeKind.KeyDisabled), Rotator, nameof(AuditSeverity.Note))]
    [InlineData(nameof(TrustChangeKind.KeyEnabled), Rotator, nameof(AuditSeverity.Note))]
    [InlineData(nameof(TrustChangeKind.KeyDestroyed), Rotator, nameof(AuditSeverity.Medium))]
    [InlineData(nameof(TrustChangeKind.KeyRevoked), Rotator, nameof(AuditSeverity.Medium))]
    [InlineData(nameof(TrustChangeKind.Policy), Rotator, nameof(AuditSeverity.High))]
    [InlineData(nameof(TrustChangeKind.Access), Rotator, nameof(AuditSeverity.High))]
    [InlineData(nameof(TrustChangeKind.Attestor), "", nameof(AuditSeverity.High))]
    public void Judge_Change_IsWeighedByKindAndCaller(string kind, string principal, string severity) =>
        Assert.Equal(severity, Judged.Finding("BA604", CleanEvents.With(Change(Enum.Parse<TrustChangeKind>(kind), Attestor, principal))).Severity.ToString());

    [Theory]
    [InlineData(nameof(TrustChangeKind.Policy), nameof(AuditSeverity.Note))]
    [InlineData(nameof(TrustChangeKind.KeyDestroyed), nameof(AuditSeverity.Note))]
    [InlineData(nameof(TrustChangeKind.KeyRevoked), nameof(AuditSeverity.Medium))]
    public void Judge_ChangeByAnAdministrator_IsANoteUnlessAnybodyCouldHaveWrittenIt(string kind, string severity) => Assert.Equal(
        severity, Judged.Finding("BA604", CleanAccess.WithOptions(CleanEvents.With(Change(Enum.Parse<TrustChangeKind>(kind), Attestor, Ann)), CleanAccess.Administered($"user:{Ann}"))).Severity.ToString());

    [Fact]
    public void Judge_Change_TellsResourceMethodAndTime()
    {
        var finding = Judged.Finding("BA604", CleanEvents.With(Change(TrustChangeKind.Attestor, Attestor, Ann)));

        Assert.Equal($"{Attestor} UpdateAttestor at 2026-10-01T08:15:30.500Z", finding.Resource);
        Assert.Equal(("Detail. at 2026-10-01T08:15:30.500Z.", "Mend it. `mend --it`"), (finding.Detail, finding.Remedy));
        Assert.Equal("projects/acme-prod/logs/x/1x2y", Assert.Single(finding.Evidence).Name);
        Assert.NotNull(finding.Since);
    }

    [Theory]
    [InlineData("projects/acme-prod/attestors/staging-attestor", 0)]
    [InlineData("projects/acme-prod/notes/staging-note", 0)]
    [InlineData("projects/acme-prod/locations/us-central1/keyRings/staging-binauthz/cryptoKeys/attestor-key/cryptoKeyVersions/1", 0)]
    [InlineData("projects/acme-prod/locations/us-central1/keyRings/production-binauthz", 1)]
    [InlineData("projects/acme-prod/attestors/built-by-ci", 1)]
    [InlineData("projects/acme-prod/policy", 1)]
    [InlineData("", 1)]
    public void Judge_ChangeInAnotherEnvironment_IsItsOwnMatter(string resource, int count) => Assert.Equal(count, Judged.Findings("BA604", CleanEvents.With(Change(TrustChangeKind.Access, resource, Ann))).Count);

    private static AuditedEvent Change(TrustChangeKind kind, string resource, string principal) =>
        CleanEvents.Once(DenialSamples.Of(FindingKind.TrustChange) with { Principal = principal, Change = new TrustChange(kind, resource, "UpdateAttestor") });
}
