using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using BinAuthz.Cli.Emulation;
using BinAuthz.GoogleCloud;
using Grpc.Core;

namespace BinAuthz.EndToEnd.Tests.Signing;

/// <summary>The function that rotates keys, in its real host, asked as Cloud Scheduler and Pub/Sub ask.</summary>
public sealed class RotateKeyFunctionTests(RotateKeyFixture fixture) : IClassFixture<RotateKeyFixture>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task HandleAsync_SchedulersRequest_ReportsEachAttestorAndFollowsItsConfiguration()
    {
        using var request = ScheduledJob.Request("rotate-key", fixture.Function.Address, DateTimeOffset.UnixEpoch);
        var (status, answer) = await fixture.Function.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, status);
        var attestor = Assert.Single(answer!["attestors"]!.AsArray())!;
        Assert.Equal("projects/acme-prod/attestors/production-attestor", (string?)attestor["attestor"]);
        // The environment variables of the nested options say 3,650 days.
        var due = Rfc3339.Read((string)attestor["next"]!["at"]!);
        Assert.InRange((due - TimeProvider.System.GetUtcNow()).TotalDays, 3600, 3651);
    }

    [Theory]
    [InlineData("{\"renew\":", "no JSON document")]
    [InlineData("{\"rotate\":true}", "'rotate' is not known")]
    [InlineData("{\"revoke\":{\"version\":\"1\",\"since\":\"2999-01-01\",\"reason\":\"lost\"}}", "still to come")]
    public async Task HandleAsync_BodyThatCannotBeMeant_IsRefused(string body, string rule)
    {
        using var request = Post(body);
        var (status, answer) = await fixture.Function.SendAsync(request);

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains(rule, (string?)answer!["error"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task HandleAsync_AnotherMethod_IsNotAllowed()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, fixture.Function.Address);

        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await fixture.Function.SendAsync(request)).Status);
    }

    [Fact]
    public async Task HandleAsync_MessageOfPubSubThatCannotBeRead_IsAcknowledgedAndKept()
    {
        using var request = Post(Message("{\"renew\":", "7101"));

        Assert.Equal(HttpStatusCode.OK, (await fixture.Function.SendAsync(request)).Status);

        var copy = await fixture.World.Http.GetStringAsync(new Uri("/storage/v1/b/acme-prod-binauthz-evidence/o/poison%2F7101?alt=media", UriKind.Relative), Stop);
        Assert.Contains("7101", copy, StringComparison.Ordinal);
        Assert.True(await fixture.Function.Log.ContainsAsync("PoisonEvent", Stop));
    }

    [Fact]
    public async Task HandleAsync_CallsThatFail_AreAnsweredByWhoMendsThem()
    {
        fixture.World.Emulator.Faults.FailNext("ListCryptoKeyVersions", StatusCode.PermissionDenied);
        using var refused = Post(Message("{}", "7102"));
        var (forbidden, answer) = await fixture.Function.SendAsync(refused);
        fixture.World.Emulator.Faults.FailNext("ListCryptoKeyVersions", StatusCode.ResourceExhausted);
        using var exhausted = Post("");
        var (unavailable, _) = await fixture.Function.SendAsync(exhausted);

        Assert.Equal((HttpStatusCode.InternalServerError, HttpStatusCode.ServiceUnavailable), (forbidden, unavailable));
        Assert.Contains("ListCryptoKeyVersions", (string?)answer!["attestors"]![0]!["error"], StringComparison.Ordinal);
        Assert.True(await fixture.Function.Log.ContainsAsync("OperatorNeeded", Stop));
    }

    [Fact]
    public async Task HandleAsync_RenewThenRevokeByMessage_LeavesTheSuccessorTrustedAlone()
    {
        using var renew = Post("""{"renew":true}""");
        var (renewed, _) = await fixture.Function.SendAsync(renew);
        var before = await TrustedAsync();
        using var revoke = Post(Message($$$"""{"revoke":{"version":"{{{before[0]}}}","since":"2026-01-01","reason":"a laptop was stolen"}}""", "7103"));
        var (revoked, _) = await fixture.Function.SendAsync(revoke);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK, 2), (renewed, revoked, before.Length));
        Assert.Equal(before[1..], await TrustedAsync());
    }

    private static HttpRequestMessage Post(string body) => new(HttpMethod.Post, (Uri?)null) { Content = new StringContent(body, Encoding.UTF8, "application/json") };

    private static string Message(string data, string id) => new JsonObject
    {
        ["message"] = new JsonObject { ["data"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(data)), ["messageId"] = id },
        ["subscription"] = "projects/acme-prod/subscriptions/rotate-key",
    }.ToJsonString();

    private async Task<string[]> TrustedAsync()
    {
        var attestor = await fixture.World.Get<BinaryAuthorizationClient>().FindAttestorAsync(fixture.World.Attestor, Stop);
        return [.. attestor!.Keys.Select(key => key.Id["//cloudkms.googleapis.com/v1/".Length..])];
    }
}
