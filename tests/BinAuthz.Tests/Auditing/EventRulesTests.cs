using BinAuthz.Auditing;
using BinAuthz.Auditing.Facts;
using BinAuthz.Denials;
using BinAuthz.Setup;
using BinAuthz.Tests.Denials;

namespace BinAuthz.Tests.Auditing;

/// <summary>What happened at admission: BA601 to BA603.</summary>
public sealed class EventRulesTests
{
    private const string Workload = "projects/acme-prod/us-central1.prod/shop/Deployment/web";
    private static readonly string Image = DenialSamples.Image.ToString();

    [Theory]
    [InlineData("BA601", nameof(FindingKind.BreakGlass), nameof(AuditSeverity.High))]
    [InlineData("BA602", nameof(FindingKind.FailOpen), nameof(AuditSeverity.Critical))]
    public void Judge_EventThatOccurred_IsFoundWithItsTime(string id, string kind, string severity)
    {
        var finding = Judged.Finding(id, CleanEvents.With(CleanEvents.Once(Found(Parse(kind)))));

        Assert.Equal((severity, $"{Workload}/{Image} at 2026-10-01T08:15:30.500Z", Image), (finding.Severity.ToString(), finding.Resource, finding.Image));
        Assert.Equal(new EvidenceLink("log entry", "projects/acme-prod/logs/x/1x2y"), Assert.Single(finding.Evidence));
        Assert.Equal(("Mend it. `mend --it`", DenialSamples.Of(Parse(kind)).Source.Time), (finding.Remedy, finding.Since));
    }

    [Theory]
    [InlineData("BA601")]
    [InlineData("BA602")]
    [InlineData("BA603")]
    [InlineData("BA604")]
    public void Judge_OtherEvents_AreNotThisRulesMatter(string id)
    {
        FindingKind[] own = id switch
        {
            "BA601" => [FindingKind.BreakGlass],
            "BA602" => [FindingKind.FailOpen],
            "BA603" => [FindingKind.Denial, FindingKind.DryRunDenial, FindingKind.CheckFailed, FindingKind.ContinuousValidation],
            _ => [FindingKind.TrustChange],
        };

        Assert.Empty(Judged.Findings(id, CleanEvents.With([.. Enum.GetValues<FindingKind>().Except(own).Select(kind => CleanEvents.Once(Found(kind)))])));
    }

    [Theory]
    [InlineData("BA601", nameof(FindingKind.BreakGlass))]
    [InlineData("BA602", nameof(FindingKind.FailOpen))]
    [InlineData("BA603", nameof(FindingKind.Denial))]
    public void Judge_LogsThatAreCut_AreNotAssessedAndTellWhatWasFound(string id, string kind)
    {
        var not = Assert.IsType<RuleAssessment.NotAssessed>(Judged.By(id, CleanEvents.Cut(CleanEvents.Once(Found(Parse(kind))))));

        Assert.Equal((CleanEvents.Gap.Reason, CleanEvents.Gap.Remedy), (not.Reason, not.Remedy));
        Assert.Single(not.Findings);
    }

    [Theory]
    [InlineData("BA601")]
    [InlineData("BA602")]
    [InlineData("BA603")]
    [InlineData("BA604")]
    public void Judge_LogsThatCannotBeRead_AreNotAssessed(string id)
    {
        var facts = CleanFacts.Facts with { Events = CleanEvents.Events with { Logs = [.. CleanEvents.Events.Logs, CleanFacts.Unknown<LoggedEvents>()] } };

        Assert.Equal("PERMISSION_DENIED: not allowed", Assert.IsType<RuleAssessment.NotAssessed>(Judged.By(id, facts)).Reason);
    }

    [Fact]
    public void Judge_BreakGlassThatEnded_TellsWhoAndHowLong()
    {
        var happened = CleanEvents.Once(Found(FindingKind.BreakGlass)) with { Ended = new DateTimeOffset(2026, 10, 3, 9, 25, 30, 500, TimeSpan.Zero) };

        Assert.Equal(
            $"ann@acme.example used break-glass for {Image} of Deployment/web, namespace shop, us-central1.prod, acme-prod, at 2026-10-01T08:15:30.500Z; it ran for 2 d 1 h 10 min until its last pod was deleted at 2026-10-03T09:25:30.500Z. Detail.",
            Judged.Finding("BA601", CleanEvents.With(happened)).Detail);
    }

    [Fact]
    public void Judge_BreakGlassThatGoesOn_CountsUntilNow()
    {
        var facts = CleanEvents.With(CleanEvents.Once(Found(FindingKind.BreakGlass)));

        Assert.Contains("; it ran for 25 min and no log tells that its pods were deleted.", Judged.Finding("BA601", facts with { Request = facts.Request with { Time = new DateTimeOffset(2026, 10, 1, 8, 40, 31, TimeSpan.Zero) } }).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Judge_BreakGlassForAnHour_TellsTheHour()
    {
        var happened = CleanEvents.Once(Found(FindingKind.BreakGlass));

        Assert.Contains("; it ran for 1 h 0 min until", Judged.Finding("BA601", CleanEvents.With(happened with { Ended = happened.Group.First.AddHours(1) })).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Judge_BreakGlassOnCloudRun_TellsThatTheEndIsNotKnown() => Assert.Contains(
        "; how long the revision served is not known.", Judged.Finding("BA601", CleanEvents.With(CleanEvents.Once(DenialSamples.Of(FindingKind.BreakGlass, Image, FindingPlatform.CloudRun)))).Detail, StringComparison.Ordinal);

    [Theory]
    [InlineData("", "", "Somebody whom the entry does not tell used")]
    [InlineData("system:serviceaccount:kube-system:replicaset-controller", "", "system:serviceaccount:kube-system:replicaset-controller, for a workload whose author is in its own log entry, used")]
    [InlineData("system:serviceaccount:kube-system:replicaset-controller", "bob@acme.example", "bob@acme.example, who changed the workload (system:serviceaccount:kube-system:replicaset-controller made the pods), used")]
    [InlineData("ann@acme.example", "bob@acme.example", "ann@acme.example used")]
    public void Judge_BreakGlassOfControllers_TellsWhoChangedTheWorkload(string principal, string changedBy, string said)
    {
        var happened = CleanEvents.Once(Found(FindingKind.BreakGlass) with { Principal = principal }) with { ChangedBy = changedBy };

        Assert.StartsWith(said, Judged.Finding("BA601", CleanEvents.With(happened)).Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(nameof(FindingKind.Denial), nameof(DiagnosisCause.NotAttested), "production", nameof(AuditSeverity.Low), "was denied")]
    [InlineData(nameof(FindingKind.Denial), nameof(DiagnosisCause.RejectedByApproval), "production", nameof(AuditSeverity.Low), "was denied")]
    [InlineData(nameof(FindingKind.Denial), nameof(DiagnosisCause.AttestorMissing), "production", nameof(AuditSeverity.Medium), "was denied")]
    [InlineData(nameof(FindingKind.Denial), nameof(DiagnosisCause.AttestorWithoutKeys), "production", nameof(AuditSeverity.Medium), "was denied")]
    [InlineData(nameof(FindingKind.Denial), nameof(DiagnosisCause.KeyNoLongerTrusted), "production", nameof(AuditSeverity.Medium), "was denied")]
    [InlineData(nameof(FindingKind.Denial), nameof(DiagnosisCause.InvalidAttestation), "production", nameof(AuditSeverity.Medium), "was denied")]
    [InlineData(nameof(FindingKind.Denial), nameof(DiagnosisCause.Undetermined), "production", nameof(AuditSeverity.Medium), "was denied")]
    [InlineData(nameof(FindingKind.CheckFailed), nameof(DiagnosisCause.CheckFailed), "production", nameof(AuditSeverity.Medium), "could not be checked")]
    [InlineData(nameof(FindingKind.ContinuousValidation), nameof(DiagnosisCause.PlatformPolicyViolated), "production", nameof(AuditSeverity.Medium), "violates a platform policy")]
    [InlineData(nameof(FindingKind.ContinuousValidation), nameof(DiagnosisCause.PlatformPolicyMisconfigured), "production", nameof(AuditSeverity.Medium), "violates a platform policy")]
    [InlineData(nameof(FindingKind.DryRunDenial), nameof(DiagnosisCause.AttestorMissing), "production", nameof(AuditSeverity.Note), "would have been denied")]
    [InlineData(nameof(FindingKind.Denial), nameof(DiagnosisCause.AttestorMissing), "staging", nameof(AuditSeverity.Note), "was denied")]
    [InlineData(nameof(FindingKind.Denial), nameof(DiagnosisCause.NotAttested), "development", nameof(AuditSeverity.Note), "was denied")]
    public void Judge_Denial_IsWeighedByItsCause(string kind, string cause, string environment, string severity, string said)
    {
        var facts = CleanEvents.With(CleanEvents.Once(Found(Parse(kind)), Enum.Parse<DiagnosisCause>(cause)));

        var finding = Judged.Finding("BA603", facts with { Request = facts.Request with { Environment = DeploymentEnvironment.Parse(environment) } });

        Assert.Equal(severity, finding.Severity.ToString());
        Assert.Equal($"{Image} of Deployment/web, namespace shop, us-central1.prod, acme-prod {said}, at 2026-10-01T08:15:30.500Z. {cause}: Detail.", finding.Detail);
        Assert.Equal($"{Workload}/{Image} ({kind})", finding.Resource);
    }

    [Fact]
    public void Judge_DenialAgainAndAgain_IsOneFindingOfTheSameName()
    {
        var latest = Found(FindingKind.Denial);
        var again = new AuditedEvent(new FindingGroup(latest, 12, latest.Source.Time.AddHours(-1)), new Diagnosis(DiagnosisCause.NotAttested, "Detail.", "", ""));

        var finding = Judged.Finding("BA603", CleanEvents.With(again));

        Assert.Contains("was denied, 12 times from 2026-10-01T07:15:30.500Z to 2026-10-01T08:15:30.500Z.", finding.Detail, StringComparison.Ordinal);
        Assert.Equal(("Mend the cause.", again.Group.First, Image), (finding.Remedy, finding.Since, finding.Image));
        Assert.Equal(Judged.Finding("BA603", CleanEvents.With(CleanEvents.Once(latest))).Fingerprint, finding.Fingerprint);
        Assert.Equal("projects/acme-prod/logs/x/1x2y", Assert.Single(finding.Evidence).Name);
    }

    [Theory]
    [InlineData(null, "projects/acme-prod/us-central1.prod/shop/Deployment/web/unknown image (Denial)", "an image that the log does not tell of")]
    [InlineData("nginx:1", "projects/acme-prod/us-central1.prod/shop/Deployment/web/nginx:1 (Denial)", "nginx:1 of")]
    public void Judge_DenialWithoutDigest_HasNoImage(string? image, string resource, string said)
    {
        var finding = Judged.Finding("BA603", CleanEvents.With(CleanEvents.Once(DenialSamples.Of(FindingKind.Denial, image))));

        Assert.Equal(resource, finding.Resource);
        Assert.StartsWith(said, finding.Detail, StringComparison.Ordinal);
        Assert.Null(finding.Image);
    }

    [Fact]
    public void Judge_DenialOfNoWorkload_LeavesThosePartsOut() => Assert.Equal(
        "projects/acme-prod/us-central1.prod/nginx:1 (Denial)", Judged.Finding("BA603", CleanEvents.With(CleanEvents.Once(DenialSamples.Of(FindingKind.Denial, "nginx:1") with { Namespace = "", Workload = "" }))).Resource);

    private static FindingKind Parse(string kind) => Enum.Parse<FindingKind>(kind);

    private static Finding Found(FindingKind kind) => DenialSamples.Of(kind, Image) with { Principal = "ann@acme.example" };
}
