using BinAuthz.Alerting;
using BinAuthz.Denials;

namespace BinAuthz.Tests.Alerting;

public sealed class AlertSeveritiesTests
{
    [Theory]
    [InlineData("Denial", "NotAttested", "production", "Error")]
    [InlineData("Denial", "NotAttested", "staging", "Error")]
    [InlineData("Denial", "NotAttested", "development", "Warning")]
    [InlineData("Denial", "AdmittedNow", "production", "Warning")]
    [InlineData("DryRunDenial", "NotAttested", "production", "Warning")]
    [InlineData("DryRunDenial", "NotAttested", "development", "Info")]
    [InlineData("BreakGlass", "BreakGlassUsed", "production", "Critical")]
    [InlineData("FailOpen", "WebhookUnavailable", "production", "Critical")]
    [InlineData("CheckFailed", "CheckFailed", "production", "Error")]
    [InlineData("ContinuousValidation", "PlatformPolicyViolated", "production", "Warning")]
    public void Of_Kind_IsAsUrgentAsWhatFollows(string kind, string cause, string environment, string severity) => Assert.Equal(
        Enum.Parse<AlertSeverity>(severity),
        AlertSeverities.Of(AlertSamples.Denial with { Kind = Enum.Parse<FindingKind>(kind) }, Enum.Parse<DiagnosisCause>(cause), environment));

    [Theory]
    [InlineData("Policy", "Critical")]
    [InlineData("Attestor", "Critical")]
    [InlineData("AttestorDeleted", "Critical")]
    [InlineData("Access", "Critical")]
    [InlineData("KeyDisabled", "Critical")]
    [InlineData("KeyDestroyed", "Critical")]
    [InlineData("KeyRevoked", "Critical")]
    [InlineData("KeyEnabled", "Error")]
    public void Of_TrustChange_IsByWhatWasChanged(string change, string severity)
    {
        var finding = AlertSamples.Denial with { Kind = FindingKind.TrustChange, Change = new TrustChange(Enum.Parse<TrustChangeKind>(change), "projects/acme-prod/policy", "Update") };

        Assert.Equal(Enum.Parse<AlertSeverity>(severity), AlertSeverities.Of(finding, DiagnosisCause.TrustChanged, "production"));
    }
}
