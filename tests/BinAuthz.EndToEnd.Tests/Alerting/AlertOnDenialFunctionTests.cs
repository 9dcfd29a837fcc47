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

    [Fact]
    public async Task HandleAsync_EverySample_IsToldAsWhatItIsAndNegativeControlsAreNot()
    {
        string[] quiet = ["ar-docker-put-manifest", "grafeas-create-occurrence", "grafeas-delete-occurrence", "kms-asymmetric-sign", "kms-create-version"];
        (string Words, FindingKind Kind)[] kinds =
        [
            ("breakglass", FindingKind.BreakGlass), ("failopen", FindingKind.FailOpen), ("check-failed", FindingKind.CheckFailed), ("dryrun", FindingKind.DryRunDenial), ("deny", FindingKind.Denial),
            ("cv-", FindingKind.ContinuousValidation), ("audit-finding", FindingKind.AuditFinding), ("binauthz-", FindingKind.TrustChange), ("kms-", FindingKind.TrustChange), ("grafeas-set-iam-note", FindingKind.TrustChange),
        ];
        var told = 0;
        foreach (var (index, file) in Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "testdata", "logs"), "*.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Index())
        {
            var name = Path.GetFileNameWithoutExtension(file);
            Assert.Equal(HttpStatusCode.OK, await function.PostAsync(OfItsOwn(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken), index), $"sample-{index}"));

            var alerts = await function.World.PublishedAsync();
            var isQuiet = name.Contains("-NOT-", StringComparison.Ordinal) || quiet.Contains(name);
            FindingKind[] expected = isQuiet ? [] : [.. Enumerable.Repeat(kinds.First(kind => name.Contains(kind.Words, StringComparison.Ordinal)).Kind, name.Contains("several", StringComparison.Ordinal) ? 2 : 1)];
            Assert.True(expected.SequenceEqual(alerts.Select(alert => alert.Alert.Kind)), $"{name}: expected {string.Join(", ", expected)}, and told were {string.Join(", ", alerts.Select(alert => alert.Alert.Kind))}");
            told += alerts.Count;
        }

        Assert.InRange(told, 40, int.MaxValue);
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

    // Each sample is about a cluster and a trust root of its own, so that none is one more of another.
    private static string OfItsOwn(string sample, int index) => sample
        .Replace("acme-prod-gke", $"gke-{index}", StringComparison.Ordinal)
        .Replace("acme-security", $"security-{index}", StringComparison.Ordinal)
        .Replace("projects/acme-prod/policy", $"projects/acme-{index}/policy", StringComparison.Ordinal)
        .Replace("\"web\"", $"\"web-{index}\"", StringComparison.Ordinal);

    private static string Sample(string name) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "testdata", "logs", $"{name}.json"));
}
