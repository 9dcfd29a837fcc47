using BinAuthz.Alerting;
using BinAuthz.Alerting.Channels;
using BinAuthz.Alerting.Secrets;
using BinAuthz.Denials;

namespace BinAuthz.Tests.Alerting;

public sealed class AlertPolicyReaderTests
{
    [Fact]
    public void TryParse_Usual_HasWhatIsWritten()
    {
        var policy = Read("usual");

        Assert.Equal("acme-prod", policy.Project);
        Assert.Equal(["production", "staging"], policy.Environments.Select(environment => environment.Name));
        Assert.Equal(["us-central1.prod"], policy.Environments[0].Clusters);
        Assert.Equal(TimeSpan.FromMinutes(30), policy.Window);
        Assert.Equal(5, policy.Burst);
        Assert.Equal([FindingKind.Denial, FindingKind.BreakGlass, FindingKind.FailOpen, FindingKind.TrustChange], policy.Routes[0].Kinds);
        Assert.Equal(AlertSeverity.Error, policy.Routes[0].Minimum);
        Assert.Equal(["team"], policy.Routes[1].Channels);
        Assert.Equal(AlertSeverity.Info, policy.Routes[1].Minimum);
        Assert.Equal(new SlackSettings("team", new SecretReference.Variable("SLACK_URL"), false), policy.Channels[1]);
    }

    [Fact]
    public void TryParse_Minimal_HasTheDefaults()
    {
        var policy = Read("minimal");

        Assert.Equal(TimeSpan.FromHours(1), policy.Window);
        Assert.Equal(20, policy.Burst);
        Assert.Empty(policy.Channels);
        Assert.Empty(policy.Routes);
    }

    [Fact]
    public void TryParse_EveryService_HasItsSettings()
    {
        var channels = Read("every-service").Channels;

        Assert.Equal(
            [typeof(SlackSettings), typeof(GoogleChatSettings), typeof(TeamsSettings), typeof(PagerDutySettings), typeof(OpsgenieSettings), typeof(EmailSettings), typeof(WebhookSettings), typeof(WebhookSettings), typeof(WebhookSettings), typeof(EmailSettings)],
            channels.Select(channel => channel.GetType()));
        Assert.Equal("events.eu.pagerduty.com", Assert.IsType<PagerDutySettings>(channels[3]).Endpoint.Host);
        Assert.Equal("api.opsgenie.com", Assert.IsType<OpsgenieSettings>(channels[4]).Endpoint.Host);
        var email = Assert.IsType<EmailSettings>(channels[5]);
        Assert.Equal((465, "binauthz@example.com", true), (email.Port, email.User, email.Encrypted));
        Assert.Equal("projects/acme-prod/secrets/smtp/versions/latest", email.Password?.ToString());
        Assert.Equal(new Uri("https://alerts.example.com/hook?tenant=1"), Assert.IsType<WebhookSettings>(channels[6]).PublicUrl);
        Assert.Null(Assert.IsType<WebhookSettings>(channels[7]).PublicUrl);
    }

    [Fact]
    public void TryParse_ManyFaults_AreReportedAtOnceAndInOrder()
    {
        const string yaml = """
            project: 5
            environments:
              production: {projects: [Acme]}
            window: soon
            channels:
              team: {slack: {url: https://hooks.slack.com/services/T/B/secret-token}}
            routes:
              - channels: [ops]
                kinds: [nothing]
            """;

        Assert.False(AlertPolicyReader.TryParse(yaml, "alerts.yaml", out _, out var errors));

        Assert.Equal(["1:10", "3:27", "4:9", "6:3", "6:23", "8:16", "9:13"], errors.Select(error => $"{error.Line}:{error.Column}"));
        Assert.All(errors, error => Assert.Equal("alerts.yaml", error.File));
        Assert.DoesNotContain(errors, error => error.ToString().Contains("secret-token", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("", "The file is empty.")]
    [InlineData("{", "The file is not readable YAML")]
    [InlineData("project: a\n---\nproject: b", "A second document starts here")]
    public void TryParse_NoDocument_SaysSo(string yaml, string rule)
    {
        Assert.False(AlertPolicyReader.TryParse(yaml, "alerts.yaml", out _, out var errors));

        Assert.Contains(rule, Assert.Single(errors).Rule, StringComparison.Ordinal);
    }

    [Fact]
    public void TryParse_HugeFile_IsNotRead()
    {
        Assert.False(AlertPolicyReader.TryParse(new string('#', AlertPolicyReader.MaximumBytes + 1), "alerts.yaml", out _, out var errors));

        Assert.Equal("The file is larger than 1 MiB.", Assert.Single(errors).Rule);
    }

    private static AlertPolicy Read(string name)
    {
        Assert.True(AlertPolicyReader.TryParse(TestData.Text($"alerts/valid/{name}.yaml"), name, out var policy, out var errors), string.Join('\n', errors));
        return policy;
    }
}
