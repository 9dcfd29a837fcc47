using System.Net;
using BinAuthz.Alerting;
using BinAuthz.Denials;
using BinAuthz.GoogleCloud;

namespace BinAuthz.EndToEnd.Tests.Alerting;

public sealed class AlertOnDenialFunctionTests(AlertFunctionFixture function) : IClassFixture<AlertFunctionFixture>
{
    [Fact]
    public async Task HandleAsync_EntryOfASink_IsOnTheTopicOnceAsACloudEvent()
    {
        var entry = Sample("gke-deny-replicaset");

        Assert.Equal(HttpStatusCode.OK, await function.PostAsync(entry));
        Assert.Equal(HttpStatusCode.OK, await function.PostAsync(entry));

        var (alert, message) = Assert.Single(await function.World.PublishedAsync());
        Assert.Equal((FindingKind.Denial, AlertStage.First, AlertSeverity.Error), (alert.Kind, alert.Stage, alert.Cause == DiagnosisCause.AdmittedNow ? AlertSeverity.Error : alert.Severity));
        Assert.Equal(
            ("1.0", alert.Id, "binauthz.alert.v1", "/projects/acme-prod/environments/production", "application/json"),
            (message.Attributes["ce-specversion"], message.Attributes["ce-id"], message.Attributes["ce-type"], message.Attributes["ce-source"], message.Attributes["Content-Type"]));
        Assert.Equal(
            ("denial", "first", "production", alert.Cause.ToString()),
            (message.Attributes["kind"], message.Attributes["stage"], message.Attributes["environment"], message.Attributes["cause"]));
        Assert.Equal("payments", alert.Facts.Single(fact => fact.Key == "namespace").Value);
    }

    [Fact]
    public async Task HandleAsync_EventOfEventarc_IsOnTheTopic()
    {
        Assert.Equal(HttpStatusCode.OK, await function.PostEventAsync(Sample("gke-breakglass-label"), "google.cloud.audit.log.v1.written", "2001"));

        var (alert, _) = Assert.Single(await function.World.PublishedAsync());
        Assert.Equal((FindingKind.BreakGlass, AlertSeverity.Critical), (alert.Kind, alert.Severity));
    }

    [Theory]
    [InlineData("gke-rbac-forbidden-NOT-binauthz")]
    [InlineData("gke-gatekeeper-deny-NOT-binauthz")]
    public async Task HandleAsync_EntryAboutSomethingElse_IsQuietlyAcknowledged(string sample)
    {
        Assert.Equal(HttpStatusCode.OK, await function.PostAsync(Sample(sample)));

        Assert.Empty(await function.World.PublishedAsync());
    }

    [Theory]
    [InlineData("{\"logName\":", "7001")]
    [InlineData("[1]", "7002")]
    [InlineData("\"sweep\"", "7003")]
    public async Task HandleAsync_MessageThatCannotBeRead_IsAcknowledgedAndKept(string data, string messageId)
    {
        Assert.Equal(HttpStatusCode.OK, await function.PostAsync(data, messageId));

        var copy = await function.World.Get<StorageClient>().ReadAsync("acme-prod-binauthz-evidence", $"poison/{messageId}", TestContext.Current.CancellationToken);
        Assert.NotEmpty(copy);
        Assert.True(await function.Log.ContainsAsync("PoisonEvent", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task HandleAsync_Sweep_IsAcknowledged() => Assert.Equal(HttpStatusCode.OK, await function.PostAsync("""{"sweep":true}"""));

    private static string Sample(string name) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "testdata", "logs", $"{name}.json"));
}
