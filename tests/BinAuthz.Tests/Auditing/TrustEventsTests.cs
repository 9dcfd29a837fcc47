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
    [InlineData(TrustChangeKind.Policy, Ann, AuditSeverity.High)]
    [InlineData(TrustChangeKind.Attestor, Ann, AuditSeverity.High)]
    [InlineData(TrustChangeKind.AttestorDeleted, Ann, AuditSeverity.High)]
    [InlineData(TrustChangeKind.Access, Ann, AuditSeverity.High)]
    [InlineData(TrustChangeKind.KeyEnabled, Ann, AuditSeverity.High)]
    [InlineData(TrustChangeKind.KeyDisabled, Ann, AuditSeverity.Medium)]
    [InlineData(TrustChangeKind.KeyDestroyed, Ann, AuditSeverity.Medium)]
    [InlineData(TrustChangeKind.KeyRestored, Ann, AuditSeverity.Medium)]
    [InlineData(TrustChangeKind.KeyRevoked, Ann, AuditSeverity.Medium)]
    [InlineData(TrustChangeKind.Attestor, Rotator, AuditSeverity.Note)]
    [InlineData(TrustChangeKind.KeyDisabled, Rotator, AuditSeverity.Note)]
    [InlineData(TrustChangeKind.KeyEnabled, Rotator, AuditSeverity.Note)]
    [InlineData(TrustChangeKind.KeyDestroyed, Rotator, AuditSeverity.Medium)]
    [InlineData(TrustChangeKind.KeyRevoked, Rotator, AuditSeverity.Medium)]
    [InlineData(TrustChangeKind.Policy, Rotator, AuditSeverity.High)]
    [InlineData(TrustChangeKind.Access, Rotator, AuditSeverity.High)]
    [InlineData(TrustChangeKind.Attestor, "", AuditSeverity.High)]
    public void Judge_Change_IsWeighedByKindAndCaller(TrustChangeKind kind, string principal, AuditSeverity severity) =>
        Assert.Equal(severity, Judged.Finding("BA604", CleanEvents.With(Change(kind, Attestor, principal))).Severity);

    [Theory]
    [InlineData(TrustChangeKind.Policy, AuditSeverity.Note)]
    [InlineData(TrustChangeKind.KeyDestroyed, AuditSeverity.Note)]
    [InlineData(TrustChangeKind.KeyRevoked, AuditSeverity.Medium)]
    public void Judge_ChangeByAnAdministrator_IsANoteUnlessAnybodyCouldHaveWrittenIt(TrustChangeKind kind, AuditSeverity severity) => Assert.Equal(
        severity, Judged.Finding("BA604", CleanAccess.WithOptions(CleanEvents.With(Change(kind, Attestor, Ann)), CleanAccess.Administered($"user:{Ann}"))).Severity);

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
