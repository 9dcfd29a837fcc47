using BinAuthz.Auditing;
using BinAuthz.Auditing.Facts;
using BinAuthz.Auditing.Readiness;
using BinAuthz.Auditing.Reports;
using BinAuthz.Denials;
using BinAuthz.Policies;
using BinAuthz.Tests.Denials;
using Google.Protobuf.WellKnownTypes;
using Authz = Google.Cloud.BinaryAuthorization.V1;

namespace BinAuthz.Tests.Auditing.Readiness;

/// <summary>What must hold before an environment enforces.</summary>
public sealed class ReadinessPolicyTests
{
    private static readonly DateTimeOffset Now = CleanFacts.Now;
    private static readonly Authz.Policy Policy = DryRun(Now.AddDays(-20));

    private static readonly AuditReport Report = new(
        "production",
        CleanFacts.Project,
        Now,
        Now.AddDays(-1),
        [Rule("BA305", AuditSeverity.Critical, RuleStatus.Passed), Rule("BA302", AuditSeverity.Critical, RuleStatus.Failed), Rule("BA103", AuditSeverity.High, RuleStatus.Passed)],
        [Finding("BA302", AuditSeverity.Critical), Finding("BA301", AuditSeverity.High), Finding("BA203", AuditSeverity.Medium)],
        [],
        new ReportedCoverage(5, 5, 3, 3, 100),
        [])
    {
        Policy = new PolicyDocument(Policy).ToJson().ToJsonString(),
    };

    private static readonly ReadinessFacts Ready = new(
        CleanFacts.Request,
        Report,
        CleanFacts.Known(Policy),
        [CleanFacts.Known(new LoggedEvents(CleanFacts.Project, [], null))],
        CleanFacts.Known(new LoggedFailures([], null)),
        new PreviousAudit(new PreviousReport("audits/production/20261031T060000Z/statement.dsse.json", "sha256:00", 1), Report));

    [Fact]
    public void Decide_EverythingHolds_IsReadyAndTellsTheWayBack()
    {
        var verdict = ReadinessPolicy.Decide(Ready);

        Assert.All(verdict.Conditions, condition => Assert.True(condition.IsMet, $"{condition.Id}: {condition.Detail}"));
        Assert.True(verdict.IsReady);
        Assert.Null(verdict.From);
        Assert.Equal(["coverage", "evaluation", "denials", "failures", "rollback", "findings"], verdict.Conditions.Select(condition => condition.Id));
        Assert.Equal(
            "binauthz audit show latest --environment=production --project=acme-prod --bucket=acme-prod-binauthz-evidence --format=json | jq -r .policy > policy-before.json && binauthz policy apply policy-before.json --project=acme-prod --allow-loosening --yes",
            verdict.Rollback);
    }

    [Fact]
    public void Decide_Coverage_MustBeWholeAndKnown()
    {
        Assert.Equal("4 of 5 stored and 3 of 3 running images are attested.", Missing(Ready with { Report = Report with { Coverage = new ReportedCoverage(5, 4, 3, 3, 87) } }, "coverage").Detail);
        Assert.Equal("5 of 5 stored and 2 of 3 running images are attested.", Missing(Ready with { Report = Report with { Coverage = new ReportedCoverage(5, 5, 3, 2, 87) } }, "coverage").Detail);
        Assert.Equal("No image is stored or runs: nothing shows that images are signed.", Missing(Ready with { Report = Report with { Coverage = new ReportedCoverage(0, 0, 0, 0, 100) } }, "coverage").Detail);
        Assert.Equal("It is not known which images are attested: coverage was not assessed.", Missing(Ready with { Report = Report with { Coverage = null } }, "coverage").Detail);
        Assert.Null(ReadinessPolicy.Decide(Ready with { Report = Report with { Coverage = null } }).From);
    }

    [Theory]
    [InlineData(nameof(RuleStatus.Failed), "Not every cluster evaluates the policy: see BA305 in the audit.")]
    [InlineData(nameof(RuleStatus.NotAssessed), "It is not known whether the clusters evaluate the policy: No right.")]
    [InlineData(null, "It is not known whether the clusters evaluate the policy.")]
    public void Decide_ClustersThatDoNotEvaluate_AreMissing(string? status, string detail)
    {
        ReportedRule[] rules = status is null ? [] : [Rule("BA305", AuditSeverity.Low, System.Enum.Parse<RuleStatus>(status))];

        Assert.Equal(detail, Missing(Ready with { Report = Report with { Rules = rules } }, "evaluation").Detail);
    }

    [Fact]
    public void Decide_PolicyThatDoesNotAsk_IsMissing()
    {
        const string Detail = "The policy does not ask for attestations. Set one that does as a dry run: `binauthz policy render`, then `binauthz policy apply`.";
        var open = Policy.Clone();
        open.DefaultAdmissionRule.EvaluationMode = Authz.AdmissionRule.Types.EvaluationMode.AlwaysAllow;
        var cluster = Policy.Clone();
        cluster.ClusterAdmissionRules["us-central1.prod"] = open.DefaultAdmissionRule.Clone();
        var space = Policy.Clone();
        space.KubernetesNamespaceAdmissionRules["shop"] = open.DefaultAdmissionRule.Clone();

        var account = Policy.Clone();
        account.KubernetesServiceAccountAdmissionRules["shop:web"] = open.DefaultAdmissionRule.Clone();
        var mesh = Policy.Clone();
        mesh.IstioServiceIdentityAdmissionRules["spiffe://shop/ns/shop/sa/web"] = open.DefaultAdmissionRule.Clone();

        Assert.All([open, cluster, space, account, mesh, new Authz.Policy()], policy => Assert.Equal(Detail, Condition(Ready with { Policy = CleanFacts.Known(policy) }, "evaluation").Detail));
        Assert.Equal("The policy could not be read: PERMISSION_DENIED: not allowed Grant it.", Condition(Ready with { Policy = CleanFacts.Unknown<Authz.Policy>() }, "evaluation").Detail);
    }

    [Theory]
    [InlineData(14, true)]
    [InlineData(13, false)]
    public void Decide_PolicyMustHaveStoodFor14Days(int days, bool met)
    {
        var since = Now.AddDays(-days);

        var condition = Condition(Ready with { Policy = CleanFacts.Known(DryRun(since)) }, "denials");

        Assert.Equal((met, met ? null : since.AddDays(14)), (condition.IsMet, condition.From));
        Assert.Equal($"The policy is as it is since {Rfc3339.Write(since)}, and nothing was denied since.", condition.Detail);
    }

    [Fact]
    public void Decide_PolicyChangeInTheLog_CountsWhenItIsLater()
    {
        var change = Event(FindingKind.TrustChange, -2) with { };
        change = change with { Group = change.Group with { Latest = change.Group.Latest with { Change = new TrustChange(TrustChangeKind.Policy, "projects/acme-prod/policy", "UpdatePolicy") } } };
        var other = change with { Group = change.Group with { Latest = change.Group.Latest with { Change = new TrustChange(TrustChangeKind.Attestor, "projects/acme-prod/attestors/a", "UpdateAttestor") } } };
        var untimed = Policy.Clone();
        untimed.UpdateTime = null;

        Assert.Equal(Now.AddDays(12), Condition(With(change), "denials").From);
        Assert.Equal(Now.AddDays(12), Condition(With(change, change with { Group = change.Group with { Latest = change.Group.Latest with { Source = change.Group.Latest.Source with { Time = Now.AddDays(-5) } } } }), "denials").From);
        Assert.True(Condition(With(other), "denials").IsMet);
        Assert.Equal(Now.AddDays(12), Condition(With(change) with { Policy = CleanFacts.Known(untimed) }, "denials").From);
        var unknown = Condition(Ready with { Policy = CleanFacts.Known(untimed) }, "denials");
        Assert.Equal((false, null, "It is not known since when the policy is as it is, so that having denied nothing proves nothing."), (unknown.IsMet, unknown.From, unknown.Detail));
    }

    [Theory]
    [InlineData(nameof(FindingKind.Denial), "a.b/c:1 was denied")]
    [InlineData(nameof(FindingKind.DryRunDenial), "a.b/c:1 would have been denied")]
    [InlineData(nameof(FindingKind.CheckFailed), "a.b/c:1 could not be checked")]
    [InlineData(nameof(FindingKind.FailOpen), "a.b/c:1 was admitted unchecked")]
    public void Decide_Denial_StartsTheTimeAnew(string kind, string said)
    {
        var condition = Missing(With(Event(System.Enum.Parse<FindingKind>(kind), -3), Event(FindingKind.Denial, -9)), "denials");

        Assert.Equal(Now.AddDays(11), condition.From);
        Assert.Equal($"{said} at {Rfc3339.Write(Now.AddDays(-3))}, the last time. See `binauthz denials --project acme-prod --since 14d`.", condition.Detail);
    }

    [Fact]
    public void Decide_OtherEventsAndDenialsBeforeThePolicy_DoNotCount()
    {
        Assert.True(Condition(With(Event(FindingKind.BreakGlass, -1)), "denials").IsMet);
        var set = Condition(With(Event(FindingKind.Denial, -3)) with { Policy = CleanFacts.Known(DryRun(Now.AddDays(-2))) }, "denials");
        Assert.Equal((Now.AddDays(12), $"The policy is as it is since {Rfc3339.Write(Now.AddDays(-2))}, and nothing was denied since."), (set.From, set.Detail));
        var before = With(Event(FindingKind.Denial, -2)) with { Policy = CleanFacts.Known(DryRun(Now.AddDays(-2))) };
        Assert.EndsWith("and nothing was denied since.", Condition(before, "denials").Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Decide_LogsThatAreNotWhollyRead_AreMissingWithoutADate()
    {
        var cut = Missing(Ready with { Logs = [CleanFacts.Known(new LoggedEvents(CleanFacts.Project, [], CleanEvents.Gap))] }, "denials");
        var refused = Missing(Ready with { Logs = [CleanFacts.Unknown<LoggedEvents>()] }, "denials");

        Assert.Equal(("It is not known what was denied: Older entries are missing. Audit more often.", null), (cut.Detail, cut.From));
        Assert.Equal(("It is not known what was denied: PERMISSION_DENIED: not allowed Grant it.", null), (refused.Detail, refused.From));
    }

    [Theory]
    [InlineData(-7, true)]
    [InlineData(-6, false)]
    public void Decide_Failure_CountsForSevenDays(int days, bool met)
    {
        var failures = new LoggedFailures([new LoggedFailure(Now.AddDays(days), "sign-image", "PoisonEvent: x"), new LoggedFailure(Now.AddDays(-30), "", "y")], null);

        var condition = Condition(Ready with { Failures = CleanFacts.Known(failures) }, "failures");

        Assert.Equal((met, met ? null : Now.AddDays(days + 7)), (condition.IsMet, condition.From));
        Assert.Equal(met ? "No event was left unread, and none waits for an operator." : $"2 failures were logged, the last by sign-image at {Rfc3339.Write(Now.AddDays(days))}: PoisonEvent: x", condition.Detail);
    }

    [Fact]
    public void Decide_FailuresThatAreNotWhollyRead_AreMissingWithoutADate()
    {
        var cut = Missing(Ready with { Failures = CleanFacts.Known(new LoggedFailures([new LoggedFailure(Now.AddDays(-1), "", "x")], CleanEvents.Gap)) }, "failures");
        Assert.Equal(($"1 failures were logged, the last by a function at {Rfc3339.Write(Now.AddDays(-1))}: x", null), (cut.Detail, cut.From));
        Assert.Equal("It is not known whether signing failed: Older entries are missing. Audit more often.", Missing(Ready with { Failures = CleanFacts.Known(new LoggedFailures([], CleanEvents.Gap)) }, "failures").Detail);
        Assert.Equal("It is not known whether signing failed: PERMISSION_DENIED: not allowed Grant it.", Missing(Ready with { Failures = CleanFacts.Unknown<LoggedFailures>() }, "failures").Detail);
    }

    [Fact]
    public void Decide_PolicyThatNoReportKeeps_IsMissing()
    {
        var changed = Policy.Clone();
        changed.DefaultAdmissionRule.RequireAttestationsBy.Add("projects/acme-prod/attestors/other");

        Assert.Equal("No report keeps the policy that is live. Make one: `binauthz audit run production --project acme-prod`.", Missing(Ready with { Kept = null }, "rollback").Detail);
        Assert.Contains("The policy was changed after audits/production/20261031T060000Z/statement.dsse.json.", Missing(Ready with { Policy = CleanFacts.Known(changed) }, "rollback").Detail, StringComparison.Ordinal);
        Assert.Contains("The policy was changed after", Missing(Ready with { Kept = Ready.Kept! with { Report = Report with { Policy = "{\"unknown\":1}" } } }, "rollback").Detail, StringComparison.Ordinal);
        Assert.EndsWith("does not tell the policy, or the policy could not be read.", Missing(Ready with { Kept = Ready.Kept! with { Report = Report with { Policy = null } } }, "rollback").Detail, StringComparison.Ordinal);
        Assert.False(Condition(Ready with { Policy = CleanFacts.Unknown<Authz.Policy>() }, "rollback").IsMet);
        Assert.Equal("", ReadinessPolicy.Decide(Ready with { Kept = null }).Rollback);
    }

    [Fact]
    public void Decide_FindingsOfHighSeverity_AreMissing()
    {
        var high = Missing(Ready with { Report = Report with { Findings = [Finding("BA103", AuditSeverity.High), Finding("BA103", AuditSeverity.High), Finding("BA302", AuditSeverity.Critical)] } }, "findings");

        Assert.Equal("BA103 (2): projects/acme-prod/x: Detail.", high.Detail);
        Assert.True(Condition(Ready with { Report = Report with { Findings = [Finding("BA203", AuditSeverity.Medium)] } }, "findings").IsMet);
        Assert.Equal("None, without BA301 and BA302, which enforcing mends.", Condition(Ready, "findings").Detail);
    }

    [Fact]
    public void Decide_GraveRuleThatWasNotAssessed_IsMissing()
    {
        var rules = Report.Rules.Append(Rule("BA501", AuditSeverity.High, RuleStatus.NotAssessed)).Append(Rule("BA505", AuditSeverity.Medium, RuleStatus.NotAssessed)).Append(Rule("BA301", AuditSeverity.High, RuleStatus.NotAssessed));

        Assert.Equal("BA501 was not assessed: No right.", Missing(Ready with { Report = Report with { Rules = [.. rules] } }, "findings").Detail);
    }

    [Fact]
    public void From_OfSeveralConditions_IsTheLatestOrUnknown()
    {
        var facts = With(Event(FindingKind.DryRunDenial, -10)) with { Failures = CleanFacts.Known(new LoggedFailures([new LoggedFailure(Now.AddDays(-1), "", "x")], null)) };

        Assert.Equal(Now.AddDays(6), ReadinessPolicy.Decide(facts).From);
        Assert.Null(ReadinessPolicy.Decide(facts with { Kept = null }).From);
    }

    private static ReadinessCondition Condition(ReadinessFacts facts, string id) => ReadinessPolicy.Decide(facts).Conditions.Single(condition => condition.Id == id);

    private static ReadinessCondition Missing(ReadinessFacts facts, string id)
    {
        var verdict = ReadinessPolicy.Decide(facts);
        Assert.False(verdict.IsReady);
        var condition = Assert.Single(verdict.Conditions, condition => !condition.IsMet);
        Assert.Equal(id, condition.Id);
        return condition;
    }

    private static ReadinessFacts With(params AuditedEvent[] events) => Ready with { Logs = [CleanFacts.Known(new LoggedEvents(CleanFacts.Project, events, null))] };

    private static AuditedEvent Event(FindingKind kind, int days)
    {
        var finding = DenialSamples.Of(kind, "a.b/c:1");
        return CleanEvents.Once(finding with { Source = finding.Source with { Time = Now.AddDays(days) } });
    }

    private static Authz.Policy DryRun(DateTimeOffset since)
    {
        var policy = new EnvironmentPolicyTemplate(CleanFacts.Project, EnvironmentStance.DryRun, [CleanFacts.Subject.Attestor]).Render();
        policy.UpdateTime = Timestamp.FromDateTimeOffset(since);
        return policy;
    }

    private static ReportedRule Rule(string id, AuditSeverity severity, RuleStatus status) => new(id, "", severity, status, 0, status == RuleStatus.NotAssessed ? "No right." : "");

    private static AuditFinding Finding(string rule, AuditSeverity severity) => new(rule, severity, "projects/acme-prod/x", "Detail.", "");
}
