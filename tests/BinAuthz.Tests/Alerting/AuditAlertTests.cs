using BinAuthz.Alerting;
using BinAuthz.Denials;
using BinAuthz.Tests.Denials;

namespace BinAuthz.Tests.Alerting;

/// <summary>What alerting makes of what an audit found.</summary>
public sealed class AuditAlertTests
{
    private static readonly AlertPolicy Policy = new(
        "acme-prod",
        [new AlertEnvironment("staging", ["acme-security"], []), new AlertEnvironment("production", ["acme-prod"], [])],
        TimeSpan.FromHours(1),
        20,
        [],
        [new AlertRoute(["oncall"], [], [FindingKind.AuditFinding], AlertSeverity.Error), new AlertRoute(["team"], ["production"], [], AlertSeverity.Info)]);

    [Theory]
    [InlineData("low", "production", "Info")]
    [InlineData("medium", "production", "Warning")]
    [InlineData("high", "production", "Error")]
    [InlineData("critical", "production", "Critical")]
    [InlineData("critical", "development", "Error")]
    public void Of_AuditFinding_IsAsUrgentAsTheFinding(string severity, string environment, string expected) => Assert.Equal(
        Enum.Parse<AlertSeverity>(expected),
        AlertSeverities.Of(AuditFindings.Finding with { Audit = AuditFindings.Finding.Audit! with { Severity = severity } }, DiagnosisCause.FoundByAudit, environment));

    [Fact]
    public void First_AuditFinding_SaysWhatWasFoundAndHowItIsMended()
    {
        var alert = AlertSamples.Claim(AuditFindings.Finding, EventDiagnosis.Of(AuditFindings.Finding)).First;

        Assert.Equal((FindingKind.AuditFinding, DiagnosisCause.FoundByAudit, AlertSeverity.Error), (alert.Kind, alert.Cause, alert.Severity));
        Assert.Equal("The audit found: An attestation has a bad signature (projects/acme-security/occurrences/11111111-2222-4333-8444-555555555555) (FoundByAudit)", alert.Title);
        Assert.Equal("BA103: The signature by key version 1 does not verify. Delete the occurrence, and have the image signed again.", alert.Detail);
        Assert.Contains(KeyValuePair.Create("rule", "BA103"), alert.Facts);
        Assert.Contains(KeyValuePair.Create("report", "audits/production/20261001T000000Z"), alert.Facts);
        Assert.Contains(KeyValuePair.Create("resource", AuditFindings.Finding.Audit!.Resource), alert.Facts);
    }

    [Fact]
    public void Of_EntryThatCountsTheRest_NamesNoRule()
    {
        var rest = AuditFindings.Finding with { Audit = AuditFindings.Finding.Audit! with { Rule = "" } };

        Assert.Equal(rest.Audit.Detail, EventDiagnosis.Of(rest).Detail);
    }

    [Fact]
    public void EnvironmentOf_AuditFinding_IsTheReports()
    {
        Assert.Equal("production", Policy.EnvironmentOf(AuditFindings.Finding));
        Assert.Equal("staging", Policy.EnvironmentOf(AuditFindings.Finding with { Audit = AuditFindings.Finding.Audit! with { Environment = "none of the policy's" } }));
        Assert.Equal("staging", Policy.EnvironmentOf(AuditFindings.Finding with { Audit = null }));
    }

    [Theory]
    [InlineData("high", "oncall, team")]
    [InlineData("low", "team")]
    public void ChannelsFor_AuditFinding_AreBySeverity(string severity, string channels)
    {
        var finding = AuditFindings.Finding with { Audit = AuditFindings.Finding.Audit! with { Severity = severity } };

        Assert.Equal(channels, string.Join(", ", Policy.ChannelsFor(AlertSamples.Claim(finding, EventDiagnosis.Of(finding)).First)));
    }

    [Theory]
    [InlineData("severity", "note")]
    [InlineData("severity", "dreadful")]
    [InlineData("fingerprint", "1")]
    [InlineData("report", "audits/production/../x")]
    [InlineData("report", "")]
    public void Read_EntryThatIsNone_TellsOfNothing(string field, string value) =>
        Assert.Equal("it does not tell of what an audit found", LogSamples.Read("composed/binauthz-audit-finding", entry => entry["jsonPayload"]![field] = value).Ignored);

    [Fact]
    public void Read_ImageThatIsTooLong_IsLeftOut() =>
        Assert.Null(Assert.Single(LogSamples.Read("composed/binauthz-audit-finding", entry => entry["jsonPayload"]!["image"] = new string('x', 1025)).Findings).Image);
}
