using System.Text.Json.Nodes;
using BinAuthz.Alerting;
using BinAuthz.Alerting.Channels;
using BinAuthz.Alerting.Secrets;
using Microsoft.Extensions.DependencyInjection;

namespace BinAuthz.Tests.Alerting.Channels;

/// <summary>The channels as the product makes them, against services on this machine.</summary>
public sealed class AlertChannelsTests : IDisposable
{
    // Of this test class alone: environment variables belong to the whole process.
    private const string Variable = "BINAUTHZ_TEST_ALERT_CHANNELS";
    private const string Secret = "e93facc04764012d7bfb002500d5d1a6";

    private static readonly SecretReference Reference = new SecretReference.Variable(Variable);

    public AlertChannelsTests() => Environment.SetEnvironmentVariable(Variable, Secret);

    [Fact]
    public async Task Send_PagerDuty_PutsTheKeyIntoTheBody()
    {
        await using var service = await LocalService.AnsweringAsync(202);

        await SendAsync(new PagerDutySettings("oncall", Reference, service.Address, true));

        Assert.True(service.Requests.TryPeek(out var request));
        Assert.Equal(Secret, (string?)JsonNode.Parse(request.Body)!["routing_key"]);
        Assert.Equal("application/json; charset=utf-8", request.Headers.ContentType.ToString());
    }

    [Fact]
    public async Task Send_Opsgenie_PutsTheKeyIntoTheHeader()
    {
        await using var service = await LocalService.AnsweringAsync(202);

        await SendAsync(new OpsgenieSettings("oncall", Reference, service.Address, true));

        Assert.True(service.Requests.TryPeek(out var request));
        Assert.Equal($"GenieKey {Secret}", request.Headers.Authorization.ToString());
        Assert.DoesNotContain(Secret, request.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("short", "is shorter than 16 characters")]
    [InlineData("", "is empty or not set")]
    public async Task Send_WebhookWithAPoorKey_IsRefused(string key, string reason)
    {
        Environment.SetEnvironmentVariable(Variable, key);

        var error = await Assert.ThrowsAsync<AlertChannelException>(() => SendAsync(new WebhookSettings("hook", null, new Uri("https://alerts.example.com/"), Reference, false)));

        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.False(error.IsTransient);
    }

    [Theory]
    [InlineData("not an address")]
    [InlineData("file:///etc/passwd")]
    [InlineData("http://hooks.slack.com/services/T/B/x")]
    [InlineData("https://user:password@hooks.slack.com/services/T/B/x")]
    public async Task Send_SecretThatIsNoAddress_IsRefusedWithoutShowingIt(string address)
    {
        Environment.SetEnvironmentVariable(Variable, address);

        var error = await Assert.ThrowsAsync<AlertChannelException>(() => SendAsync(new SlackSettings("team", Reference, true)));

        Assert.Equal("Channel 'team': The secret does not hold an https address. Store the address as the service shows it.", error.Message);
        Assert.False(error.IsTransient);
    }

    [Fact]
    public async Task Send_KeyThatNoHeaderCanHold_IsRefusedWithoutShowingIt()
    {
        Environment.SetEnvironmentVariable(Variable, $"{Secret}\nX-Injected: yes");
        await using var service = await LocalService.AnsweringAsync(202);

        var error = await Assert.ThrowsAsync<AlertChannelException>(() => SendAsync(new OpsgenieSettings("oncall", Reference, service.Address, true)));

        Assert.DoesNotContain(Secret, error.ToString(), StringComparison.Ordinal);
        Assert.Empty(service.Requests);
    }

    public void Dispose() => Environment.SetEnvironmentVariable(Variable, null);

    private static async Task SendAsync(ChannelSettings settings)
    {
        var policy = new AlertPolicy("acme-prod", [], TimeSpan.FromHours(1), 20, [settings], []);
        await using var services = new ServiceCollection().AddGoogleCloud(new BinAuthzOptions()).AddAlertChannels(policy).BuildServiceProvider();
        await services.GetRequiredService<AlertChannels>().All.Single().SendAsync(SampleAlerts.Minimal(), TestContext.Current.CancellationToken);
    }
}
