using BinAuthz.Attestations;
using BinAuthz.Setup;
using Authz = Google.Cloud.BinaryAuthorization.V1;
using Enforcement = Google.Cloud.BinaryAuthorization.V1.AdmissionRule.Types.EnforcementMode;
using Evaluation = Google.Cloud.BinaryAuthorization.V1.AdmissionRule.Types.EvaluationMode;

namespace BinAuthz.Tests.Setup;

public sealed class EnvironmentPolicyTests
{
    private static readonly AttestorName Ours = AttestorName.Parse("projects/acme-prod/attestors/production-attestor");

    [Theory]
    [InlineData("production", Enforcement.EnforcedBlockAndAuditLog)]
    [InlineData("staging", Enforcement.DryrunAuditLogOnly)]
    public void Decide_PolicyThatAllowsAll_RequiresTheAttestor(string environment, Enforcement enforcement)
    {
        var (change, _) = EnvironmentPolicy.Decide(PolicyWith(Evaluation.AlwaysAllow, Enforcement.EnforcedBlockAndAuditLog), DeploymentEnvironment.Parse(environment), [Ours]);

        Assert.NotNull(change);
        Assert.Equal(Evaluation.RequireAttestation, change.DefaultAdmissionRule.EvaluationMode);
        Assert.Equal(enforcement, change.DefaultAdmissionRule.EnforcementMode);
        Assert.Equal([Ours.ToString()], change.DefaultAdmissionRule.RequireAttestationsBy);
        Assert.Equal(Authz.Policy.Types.GlobalPolicyEvaluationMode.Enable, change.GlobalPolicyEvaluationMode);
        Assert.Equal("\"etag\"", change.Etag);
        Assert.Single(change.AdmissionWhitelistPatterns);
    }

    [Fact]
    public void Decide_Development_ChangesNothing() =>
        Assert.Null(EnvironmentPolicy.Decide(PolicyWith(Evaluation.AlwaysAllow, Enforcement.EnforcedBlockAndAuditLog), DeploymentEnvironment.Development, [Ours]).Change);

    [Fact]
    public void Decide_ProductionWithDryRun_Enforces()
    {
        var (change, _) = EnvironmentPolicy.Decide(PolicyWith(Evaluation.RequireAttestation, Enforcement.DryrunAuditLogOnly, Ours.ToString()), DeploymentEnvironment.Production, [Ours]);

        Assert.Equal(Enforcement.EnforcedBlockAndAuditLog, change?.DefaultAdmissionRule.EnforcementMode);
    }

    [Fact]
    public void Decide_StagingThatEnforces_IsNotLoosened() =>
        Assert.Null(EnvironmentPolicy.Decide(PolicyWith(Evaluation.RequireAttestation, Enforcement.EnforcedBlockAndAuditLog, Ours.ToString()), DeploymentEnvironment.Staging, [Ours]).Change);

    [Theory]
    [InlineData("production", Enforcement.EnforcedBlockAndAuditLog, Enforcement.EnforcedBlockAndAuditLog)]
    [InlineData("production", Enforcement.DryrunAuditLogOnly, Enforcement.EnforcedBlockAndAuditLog)]
    [InlineData("staging", Enforcement.DryrunAuditLogOnly, Enforcement.DryrunAuditLogOnly)]
    [InlineData("staging", Enforcement.EnforcedBlockAndAuditLog, Enforcement.EnforcedBlockAndAuditLog)]
    public void Decide_FurtherAttestor_IsRequiredToo(string environment, Enforcement before, Enforcement after)
    {
        var scanned = AttestorName.Parse("projects/acme-prod/attestors/production-scanned");

        var (change, _) = EnvironmentPolicy.Decide(PolicyWith(Evaluation.RequireAttestation, before, Ours.ToString()), DeploymentEnvironment.Parse(environment), [Ours, scanned]);

        Assert.Equal([Ours.ToString(), scanned.ToString()], change?.DefaultAdmissionRule.RequireAttestationsBy);
        Assert.Equal(after, change?.DefaultAdmissionRule.EnforcementMode);
    }

    [Fact]
    public void Decide_RuleThatRequiresMoreThanWasAsked_IsNotLoosened()
    {
        var (change, words) = EnvironmentPolicy.Decide(
            PolicyWith(Evaluation.RequireAttestation, Enforcement.EnforcedBlockAndAuditLog, Ours.ToString(), "projects/acme-prod/attestors/production-scanned"), DeploymentEnvironment.Production, [Ours]);

        Assert.Null(change);
        Assert.Contains("left as it is", words, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Evaluation.AlwaysDeny)]
    [InlineData(Evaluation.RequireAttestation, "projects/acme-prod/attestors/other")]
    [InlineData(Evaluation.RequireAttestation, "projects/acme-prod/attestors/production-attestor", "projects/acme-prod/attestors/other")]
    public void Decide_StricterRuleOfSomebodyElse_IsLeftAndExplained(Evaluation mode, params string[] attestors)
    {
        var (change, words) = EnvironmentPolicy.Decide(PolicyWith(mode, Enforcement.EnforcedBlockAndAuditLog, attestors), DeploymentEnvironment.Production, [Ours]);

        Assert.Null(change);
        Assert.Contains("left as it is", words, StringComparison.Ordinal);
    }

    private static Authz.Policy PolicyWith(Evaluation evaluation, Enforcement enforcement, params string[] attestors) => new()
    {
        Name = "projects/acme-prod/policy",
        Etag = "\"etag\"",
        AdmissionWhitelistPatterns = { new Authz.AdmissionWhitelistPattern { NamePattern = "gcr.io/acme-tools/**" } },
        DefaultAdmissionRule = new Authz.AdmissionRule { EvaluationMode = evaluation, EnforcementMode = enforcement, RequireAttestationsBy = { attestors } },
    };
}
