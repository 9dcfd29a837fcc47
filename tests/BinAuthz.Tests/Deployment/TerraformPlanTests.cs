using BinAuthz.Approval.Pushes;
using BinAuthz.Auditing;
using BinAuthz.Denials;
using BinAuthz.Functions;
using BinAuthz.GoogleCloud;
using BinAuthz.Setup;
using Microsoft.Extensions.Configuration;

namespace BinAuthz.Tests.Deployment;

/// <summary>What terraform plans is what the code expects: names, filters, settings.</summary>
public sealed class TerraformPlanTests
{
    private const string Project = "acme-prod";
    private const string Location = "us-central1";

    private static readonly string[] NeverRoles = ["roles/owner", "roles/editor", "roles/cloudkms.admin", "roles/storage.admin", "roles/storage.objectAdmin", "roles/pubsub.admin", "roles/run.admin"];

    public static TheoryData<string> Environments() => ["development", "staging", "production"];

    [Fact]
    public void Sinks_FiltersAreThoseOfTheCode()
    {
        var sinks = TerraformPlan.Of("production").All("google_logging_project_sink").ToDictionary(sink => sink.GetProperty("name").GetString()!, sink => sink.GetProperty("filter").GetString());

        Assert.Equal(LogFilters.Sink, sinks[EventTopics.Denials]);
        Assert.Equal(PushLogEntry.SinkFilter, sinks[EventTopics.PushEntries]);
    }

    [Fact]
    public void Topics_AreThoseOfTheCode()
    {
        var environment = DeploymentEnvironment.Production;
        var topics = TerraformPlan.Of("production").Names("google_pubsub_topic");
        string[] full =
        [
            DecisionsTopic.Default(Project, environment.Name).Name, AlertsTopic.Of(Project, environment.Name), EventTopics.Resign(Project, environment.Name),
            EventTopics.Findings(Project, environment.Name), EventTopics.Audit(Project, environment.Name),
        ];

        Assert.Equal(
            [.. full.Select(name => name.Split('/')[3]).Concat([EventTopics.Denials, EventTopics.PushEntries, EventTopics.Pushes, $"{environment}-dead-letters"]).Order(StringComparer.Ordinal)],
            topics.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Trust_HasTheNamesOfTheCode()
    {
        var plan = TerraformPlan.Of("production");
        var names = DeploymentEnvironment.Production.Attestor(Project, Location);

        Assert.Equal([names.Key.KeyRing], plan.Names("google_kms_key_ring"));
        Assert.Equal([names.Key.Key, DeploymentEnvironment.Production.AuditKey(Project, Location).Key], plan.Names("google_kms_crypto_key").OrderBy(name => name == "audit-key"));
        Assert.Equal([names.Attestor.Id], plan.Names("google_binary_authorization_attestor"));
        Assert.Equal([names.Note.Id], plan.Names("google_container_analysis_note"));
        Assert.Equal([EvidenceBucket.Default(Project).Name], plan.Names("google_storage_bucket"));
    }

    [Theory]
    [InlineData("sign-image", typeof(SignImageFunction))]
    [InlineData("alert-on-denial", typeof(AlertOnDenialFunction))]
    [InlineData("rotate-key", typeof(RotateKeyFunction))]
    [InlineData("audit-attestations", typeof(AuditAttestationsFunction))]
    public void Function_TargetAndSettings_AreUnderstood(string service, Type function)
    {
        var settings = TerraformPlan.Of("production").Settings($"production-{service}");
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings.Select(each => KeyValuePair.Create<string, string?>(each.Key.Replace("__", ":", StringComparison.Ordinal), each.Value ?? "projects/acme-prod/topics/unknown"))).Build();

        // A setting that no option takes is an error.
        var options = configuration.GetSection(BinAuthzOptions.Section).Get<BinAuthzOptions>(binder => binder.ErrorOnUnknownConfiguration = true)!;

        Assert.Equal(function.Name, settings["FUNCTION_TARGET"]);
        Assert.Empty(AuditOptionsValidation.Problems(options.Audit));
        Assert.Equal(EvidenceBucket.Default(Project).Name, options.EvidenceBucket);
    }

    [Fact]
    public void Functions_AreAllOfTheProgram() => Assert.Equal(
        ["AlertOnDenialFunction", "AuditAttestationsFunction", "RotateKeyFunction", "SignImageFunction"],
        TerraformPlan.Of("production").All("google_cloud_run_v2_service").Select(values => values.GetProperty("description").GetString()).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Environments))]
    public void Members_AreNobodyInGeneral_AndHaveNoBroadRole(string environment)
    {
        var grants = TerraformPlan.Of(environment).All().Where(each => each.Type.Contains("_iam_", StringComparison.Ordinal) && each.Values.TryGetProperty("role", out _)).ToArray();

        Assert.NotEmpty(grants);
        Assert.All(grants, grant => Assert.DoesNotContain(grant.Values.GetProperty("role").GetString(), NeverRoles));
        Assert.All(grants, grant => Assert.DoesNotContain("allUsers", grant.Values.GetRawText(), StringComparison.Ordinal));
        Assert.All(grants, grant => Assert.DoesNotContain("allAuthenticatedUsers", grant.Values.GetRawText(), StringComparison.Ordinal));
    }

    [Fact]
    public void Development_Policy_IsLeftAlone() => Assert.Empty(TerraformPlan.Of("development").All("google_binary_authorization_policy"));

    [Theory]
    [InlineData("staging", "DRYRUN_AUDIT_LOG_ONLY")]
    [InlineData("production", "ENFORCED_BLOCK_AND_AUDIT_LOG")]
    public void Policy_DefaultRule_IsTheEnvironments(string environment, string enforcement)
    {
        var rule = TerraformPlan.Of(environment).All("google_binary_authorization_policy").Single().GetProperty("default_admission_rule")[0];

        Assert.Equal("REQUIRE_ATTESTATION", rule.GetProperty("evaluation_mode").GetString());
        Assert.Equal(enforcement, rule.GetProperty("enforcement_mode").GetString());
    }
}
