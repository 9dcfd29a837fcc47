using BinAuthz.Attestations;
using BinAuthz.Auditing;
using BinAuthz.Auditing.Facts;
using BinAuthz.Checkup;
using BinAuthz.Setup;
using Authz = Google.Cloud.BinaryAuthorization.V1;
using Enforcement = Google.Cloud.BinaryAuthorization.V1.AdmissionRule.Types.EnforcementMode;
using Evaluation = Google.Cloud.BinaryAuthorization.V1.AdmissionRule.Types.EvaluationMode;
using GlobalEvaluation = Google.Cloud.BinaryAuthorization.V1.Policy.Types.GlobalPolicyEvaluationMode;

namespace BinAuthz.Tests.Auditing.Rules;

/// <summary>BA301 to BA306: the policy and what evaluates it.</summary>
public sealed class PolicyRulesTests
{
    private const string Policy = "projects/acme-prod/policy";
    private const string Default = $"{Policy}#$.defaultAdmissionRule";
    private const string Enforce = "PROJECT_SINGLETON_POLICY_ENFORCE";
    private const string Prod = "us-central1.prod";
    private const string ProdResource = "projects/acme-prod/locations/us-central1/clusters/prod";

    private static readonly string Attestor = CleanFacts.Subject.Attestor.ToString();
    private static readonly string[] Judging = ["BA301", "BA302", "BA303", "BA304", "BA306"];

    [Fact]
    public void Differs_MoreIsAdmitted_IsHigh()
    {
        var finding = Judged.Single("BA301", WithPolicy(policy => policy.DefaultAdmissionRule = Rule(Evaluation.AlwaysAllow)), AuditSeverity.High, Default);

        Assert.StartsWith("Beside the policy that production should have: defaultAdmissionRule: REQUIRE_ATTESTATION", finding.Detail, StringComparison.Ordinal);
        Assert.Contains("becomes ALWAYS_ALLOW", finding.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Differs_LessIsAdmitted_IsLow()
    {
        Judged.Single("BA301", WithPolicy(policy => policy.DefaultAdmissionRule.RequireAttestationsBy.Add("projects/acme-prod/attestors/built")), AuditSeverity.Low, $"{Default}.requireAttestationsBy['projects/acme-prod/attestors/built']");
        Judged.Single("BA301", WithPolicy(policy => policy.GlobalPolicyEvaluationMode = GlobalEvaluation.Disable), AuditSeverity.Low, $"{Policy}#$.globalPolicyEvaluationMode");
    }

    [Fact]
    public void Differs_AttestorsReplaced_TellsOfBoth()
    {
        var findings = Judged.Found("BA301", WithPolicy(policy =>
        {
            policy.DefaultAdmissionRule.RequireAttestationsBy.Clear();
            policy.DefaultAdmissionRule.RequireAttestationsBy.Add("projects/acme-prod/attestors/built");
        }));

        Assert.Equal([(AuditSeverity.Low, "projects/acme-prod/attestors/built"), (AuditSeverity.High, Attestor)], findings.Select(finding => (finding.Severity, finding.Resource.Split('\'')[1])));
    }

    [Fact]
    public void Differs_PatternsThatNobodyAllowed_AreAFindingEach()
    {
        var facts = WithPolicy(policy => policy.AdmissionWhitelistPatterns.AddRange([Pattern("us-docker.pkg.dev/acme-prod/a/**"), Pattern("us-docker.pkg.dev/acme-prod/b/**")]));

        Assert.Equal(
            [$"{Policy}#$.admissionWhitelistPatterns['us-docker.pkg.dev/acme-prod/a/**']", $"{Policy}#$.admissionWhitelistPatterns['us-docker.pkg.dev/acme-prod/b/**']"],
            Judged.Found("BA301", facts).Select(finding => finding.Resource));
        Assert.All(Judged.Found("BA301", facts), finding => Assert.Equal(AuditSeverity.High, finding.Severity));
        Assert.Empty(Judged.Found("BA301", Judged.WithOptions(options => ((List<string>)options.Allowed).AddRange(["us-docker.pkg.dev/acme-prod/a/**", "us-docker.pkg.dev/acme-prod/b/**"]), facts)));
    }

    [Fact]
    public void Differs_AllowedPatternThatIsNotThere_IsLow() => Judged.Single(
        "BA301", Judged.WithOptions(options => options.Allowed.Add("gcr.io/p/app:v1")), AuditSeverity.Low, $"{Policy}#$.admissionWhitelistPatterns['gcr.io/p/app:v1']");

    [Fact]
    public void Differs_DescriptionAndRuleThatSaysTheSame_AreNotFound() => Assert.Empty(Judged.Found("BA301", WithPolicy(policy =>
    {
        policy.Description = "of production";
        policy.ClusterAdmissionRules[Prod] = policy.DefaultAdmissionRule.Clone();
    })));

    [Fact]
    public void Differs_StagingEnforces_IsLowAndDryRunIsNotFound()
    {
        var staging = In(DeploymentEnvironment.Staging, CleanFacts.Facts);

        Judged.Single("BA301", staging, AuditSeverity.Low, $"{Default}.enforcementMode");
        Assert.Empty(Judged.Found("BA301", In(DeploymentEnvironment.Staging, WithPolicy(policy => policy.DefaultAdmissionRule.EnforcementMode = Enforcement.DryrunAuditLogOnly))));
    }

    [Fact]
    public void Judge_Development_ExpectsNothing()
    {
        var facts = In(DeploymentEnvironment.Development, WithPolicy(policy =>
        {
            policy.DefaultAdmissionRule = Rule(Evaluation.AlwaysAllow);
            policy.GlobalPolicyEvaluationMode = GlobalEvaluation.Disable;
            policy.AdmissionWhitelistPatterns.Add(Pattern("gcr.io/**"));
        }));

        Assert.All(["BA301", "BA302", "BA303", "BA306"], id => Assert.Empty(Judged.Found(id, facts)));
        Assert.Empty(Judged.Found("BA305", In(DeploymentEnvironment.Development, WithClusters((Prod, "DISABLED")))));
    }

    [Theory]
    [InlineData(Evaluation.AlwaysAllow, Enforcement.EnforcedBlockAndAuditLog, ".evaluationMode")]
    [InlineData(Evaluation.AlwaysDeny, Enforcement.DryrunAuditLogOnly, ".enforcementMode")]
    public void OpenInProduction_DefaultRule_IsCritical(Evaluation evaluation, Enforcement enforcement, string path)
    {
        var finding = Judged.Single("BA302", WithPolicy(policy => policy.DefaultAdmissionRule = new Authz.AdmissionRule { EvaluationMode = evaluation, EnforcementMode = enforcement }), AuditSeverity.Critical, Default + path);

        Assert.Contains("admits every image", finding.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void OpenInProduction_RuleOfOneCluster_IsCriticalAndNamesIt() => Judged.Single(
        "BA302", WithPolicy(policy => policy.ClusterAdmissionRules[Prod] = Rule(Evaluation.AlwaysAllow)), AuditSeverity.Critical, $"{Policy}#$.clusterAdmissionRules['{Prod}'].evaluationMode");

    [Fact]
    public void OpenInProduction_DryRunInStaging_IsNotFound() =>
        Assert.Empty(Judged.Found("BA302", In(DeploymentEnvironment.Staging, WithPolicy(policy => policy.DefaultAdmissionRule.EnforcementMode = Enforcement.DryrunAuditLogOnly))));

    [Theory]
    [InlineData("us-docker.pkg.dev/acme**", "High")]
    [InlineData("us-docker.pkg.dev/**", "High")]
    [InlineData("gcr.io/p/app*", "Medium")]
    [InlineData("*", "High")]
    [InlineData("gcr.io/*/app", "High")]
    public void BroadPattern_InProduction_IsFoundByItsText(string pattern, string severity)
    {
        var finding = Judged.Single("BA303", WithPolicy(policy => policy.AdmissionWhitelistPatterns.AddRange([Pattern("us-docker.pkg.dev/acme-prod/base/**"), Pattern(pattern)])), Enum.Parse<AuditSeverity>(severity), $"{Policy}#$.admissionWhitelistPatterns['{pattern}']");

        Assert.Contains($"'{pattern}'", finding.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("us-docker.pkg.dev/**")]
    [InlineData("us-docker.pkg.dev/acme**")]
    public void BroadPattern_InStaging_IsMedium(string pattern) => Judged.Single(
        "BA303", In(DeploymentEnvironment.Staging, WithPolicy(policy => policy.AdmissionWhitelistPatterns.Add(Pattern(pattern)))), AuditSeverity.Medium, $"{Policy}#$.admissionWhitelistPatterns['{pattern}']");

    [Fact]
    public void BroadPattern_Twice_IsOneFinding() =>
        Assert.Single(Judged.Found("BA303", WithPolicy(policy => policy.AdmissionWhitelistPatterns.AddRange([Pattern("gcr.io/p**"), Pattern("gcr.io/p**")]))));

    [Theory]
    [InlineData("us-docker.pkg.dev/acme-prod/base/**")]
    [InlineData("gcr.io/p/app:v1")]
    [InlineData("gcr.io/p/app")]
    [InlineData("gke.gcr.io/**")]
    public void BroadPattern_NarrowPattern_IsNotFound(string pattern) => Assert.Empty(Judged.Found("BA303", WithPolicy(policy => policy.AdmissionWhitelistPatterns.Add(Pattern(pattern)))));

    [Fact]
    public void MissingAttestor_RuleAsksForIt_IsFoundByItsName()
    {
        var missing = AttestorName.Parse("projects/acme-prod/attestors/built");
        var facts = WithPolicy(policy => policy.DefaultAdmissionRule.RequireAttestationsBy.Add(missing.ToString()));
        facts = facts with { Policy = facts.Policy with { Attestors = new Dictionary<AttestorName, Fact<Attestor?>>(facts.Policy.Attestors) { [missing] = CleanFacts.Known<Attestor?>(null) } } };

        Assert.Equal($"There is no attestor {missing}.", Judged.Single("BA304", facts, AuditSeverity.High, $"{Default}.requireAttestationsBy['{missing}']").Detail);
    }

    [Fact]
    public void MissingAttestor_NameThatIsNone_IsFound() =>
        Judged.Single("BA304", WithPolicy(policy => policy.ClusterAdmissionRules[Prod] = Rule(Evaluation.RequireAttestation, Attestor, "built")), AuditSeverity.High, $"{Policy}#$.clusterAdmissionRules['{Prod}'].requireAttestationsBy['built']");

    [Fact]
    public void MissingAttestor_AttestorUnread_IsNotAssessed() => Assert.Empty(Judged.NotAssessed(
        "BA304", CleanFacts.Facts with { Policy = CleanFacts.Facts.Policy with { Attestors = new Dictionary<AttestorName, Fact<Attestor?>> { [CleanFacts.Subject.Attestor] = CleanFacts.Unknown<Attestor?>() } } }));

    [Theory]
    [InlineData("DISABLED")]
    [InlineData("POLICY_BINDINGS")]
    [InlineData("EVALUATION_MODE_OF_THE_FUTURE")]
    public void NotEvaluating_Cluster_IsCriticalWithTheCommandThatTurnsItOn(string mode)
    {
        var finding = Judged.Single("BA305", WithClusters(("us-east1.other", Enforce), (Prod, mode)), AuditSeverity.Critical, ProdResource);

        Assert.StartsWith($"Its evaluation mode is {mode}:", finding.Detail, StringComparison.Ordinal);
        Assert.Equal($"`gcloud container clusters update prod --location=us-central1 --project=acme-prod --binauthz-evaluation-mode={Enforce}`", finding.Remedy);
    }

    [Fact]
    public void NotEvaluating_InStaging_IsMedium() => Judged.Single("BA305", In(DeploymentEnvironment.Staging, WithClusters((Prod, "DISABLED"))), AuditSeverity.Medium, ProdResource);

    [Fact]
    public void NotEvaluating_BothKindsOfPolicies_IsNotFound() => Assert.Empty(Judged.Found("BA305", WithClusters((Prod, $"POLICY_BINDINGS_AND_{Enforce}"))));

    [Fact]
    public void NotEvaluating_ClusterThatDoesNotExist_IsLow()
    {
        Assert.StartsWith("There is no cluster prod in us-central1", Judged.Single("BA305", WithClusters((Prod, null)), AuditSeverity.Low, ProdResource).Detail, StringComparison.Ordinal);
        Judged.Single("BA305", WithClusters(("prod", null)), AuditSeverity.Low, "projects/acme-prod/locations/-/clusters/prod");
    }

    [Fact]
    public void NotEvaluating_OnlyTheEnvironmentsClusters_AreLookedAt()
    {
        var facts = WithClusters((Prod, Enforce), ("us-central1.dev", "DISABLED"));

        Assert.Empty(Judged.Found("BA305", Judged.WithOptions(options => options.Clusters.Add(Prod), facts)));
        Judged.Single("BA305", Judged.WithOptions(options => ((List<string>)options.Clusters).AddRange(["us-central1.dev", "us-central1.dev"]), facts), AuditSeverity.Critical, "projects/acme-prod/locations/us-central1/clusters/dev");
        Judged.Single("BA305", Judged.WithOptions(options => options.Clusters.Add("us-central1.gone"), facts), AuditSeverity.Low, "projects/acme-prod/locations/us-central1/clusters/gone");
    }

    [Fact]
    public void NotEvaluating_ClustersUnread_IsNotAssessed() => Assert.Empty(Judged.NotAssessed(
        "BA305", CleanFacts.Facts with { Policy = CleanFacts.Facts.Policy with { Clusters = CleanFacts.Unknown<IReadOnlyDictionary<string, string?>>() } }));

    [Theory]
    [InlineData(GlobalEvaluation.Disable)]
    [InlineData(GlobalEvaluation.Unspecified)]
    public void SystemPolicyOff_IsMedium(GlobalEvaluation mode) =>
        Judged.Single("BA306", WithPolicy(policy => policy.GlobalPolicyEvaluationMode = mode), AuditSeverity.Medium, $"{Policy}#$.globalPolicyEvaluationMode");

    [Fact]
    public void Judge_PolicyUnread_IsNotAssessed()
    {
        var facts = CleanFacts.Facts with { Policy = CleanFacts.Facts.Policy with { Policy = CleanFacts.Unknown<Authz.Policy>() } };

        Assert.All(Judging, id => Assert.Empty(Judged.NotAssessed(id, facts)));
    }

    [Fact]
    public void Judge_PolicyOfTheClustersProject_CountsInsteadOfTheAttestors()
    {
        var open = WithPolicy(policy => policy.DefaultAdmissionRule = Rule(Evaluation.AlwaysAllow));
        var other = new ProjectAdmission("acme-run", CleanFacts.Facts.Policy.Policy, CleanFacts.Known<IReadOnlyDictionary<string, string?>>(new Dictionary<string, string?> { [Prod] = "DISABLED" }));
        var facts = open with { Policy = open.Policy with { Others = [other] } };

        Assert.Empty(Judged.Found("BA302", Judged.WithOptions(options => options.Projects.Add("acme-run"), facts)));
        Judged.Single("BA302", Judged.WithOptions(options => ((List<string>)options.Projects).AddRange(["acme-run", "acme-prod"]), facts), AuditSeverity.Critical, $"{Default}.evaluationMode");
        Judged.Single("BA305", Judged.WithOptions(options => options.Projects.Add("acme-run"), facts), AuditSeverity.Critical, "projects/acme-run/locations/us-central1/clusters/prod");
        Judged.Single("BA302", Judged.WithOptions(options => options.Projects.Add("acme-run"), CleanFacts.Facts with { Policy = CleanFacts.Facts.Policy with { Others = [other with { Policy = open.Policy.Policy }] } }), AuditSeverity.Critical, "projects/acme-run/policy#$.defaultAdmissionRule.evaluationMode");
    }

    [Fact]
    public void Judge_RulesOfOtherEnvironmentsClusters_AreTheirs()
    {
        var shared = WithPolicy(policy =>
        {
            policy.ClusterAdmissionRules[Prod] = policy.DefaultAdmissionRule.Clone();
            policy.ClusterAdmissionRules["us-central1.dev"] = Rule(Evaluation.AlwaysAllow);
            policy.DefaultAdmissionRule = Rule(Evaluation.AlwaysAllow);
        });
        var facts = Judged.WithOptions(options => options.Clusters.Add(Prod), shared);

        Assert.All(Judging, id => Assert.Empty(Judged.Found(id, facts)));
        Assert.NotEmpty(Judged.Found("BA301", shared));
    }

    [Fact]
    public void Judge_OwnClusterWithoutARule_FallsUnderTheDefault()
    {
        var facts = Judged.WithOptions(options => options.Clusters.Add(Prod), WithPolicy(policy => policy.DefaultAdmissionRule = Rule(Evaluation.AlwaysAllow)));

        Judged.Single("BA301", facts, AuditSeverity.High, $"{Policy}#$.clusterAdmissionRules['{Prod}']");
        Judged.Single("BA302", facts, AuditSeverity.Critical, $"{Default}.evaluationMode");
        Assert.Empty(Judged.Found("BA301", Judged.WithOptions(options => options.Clusters.Add(Prod))));
        var one = Judged.WithOptions(
            options =>
            {
                options.Clusters.Add(Prod);
                options.Clusters.Add("us-central1.other");
            },
            WithPolicy(policy =>
            {
                policy.ClusterAdmissionRules[Prod] = policy.DefaultAdmissionRule.Clone();
                policy.DefaultAdmissionRule = Rule(Evaluation.AlwaysAllow);
            }));
        Judged.Single("BA302", one, AuditSeverity.Critical, $"{Default}.evaluationMode");
    }

    private static AuditFacts WithPolicy(Action<Authz.Policy> change)
    {
        var policy = ((Fact<Authz.Policy>.Known)CleanFacts.Facts.Policy.Policy).Value.Clone();
        change(policy);
        return CleanFacts.Facts with { Policy = CleanFacts.Facts.Policy with { Policy = CleanFacts.Known(policy) } };
    }

    private static AuditFacts WithClusters(params (string Name, string? Mode)[] clusters) => CleanFacts.Facts with
    {
        Policy = CleanFacts.Facts.Policy with { Clusters = CleanFacts.Known<IReadOnlyDictionary<string, string?>>(clusters.ToDictionary(each => each.Name, each => each.Mode)) },
    };

    private static AuditFacts In(DeploymentEnvironment environment, AuditFacts facts) => facts with { Request = facts.Request with { Environment = environment } };

    private static Authz.AdmissionRule Rule(Evaluation evaluation, params string[] attestors) =>
        new() { EvaluationMode = evaluation, EnforcementMode = Enforcement.EnforcedBlockAndAuditLog, RequireAttestationsBy = { attestors } };

    private static Authz.AdmissionWhitelistPattern Pattern(string text) => new() { NamePattern = text };
}
