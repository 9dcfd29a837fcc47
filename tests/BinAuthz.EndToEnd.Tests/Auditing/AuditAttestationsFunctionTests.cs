using System.Net;
using System.Text;
using BinAuthz.Cli.Emulation;
using Grpc.Core;

namespace BinAuthz.EndToEnd.Tests.Auditing;

/// <summary>The function that audits, in its real host, asked as Cloud Scheduler asks.</summary>
public sealed class AuditAttestationsFunctionTests(AuditFunctionFixture fixture) : IClassFixture<AuditFunctionFixture>
{
    [Fact]
    public async Task HandleAsync_SchedulersRequestAgain_MakesOneReportAndSendsBackWhatNobodyWeighed()
    {
        var due = TimeProvider.System.GetUtcNow();
        using var request = ScheduledJob.Request("audit-attestations", fixture.Function.Address, due);
        var (status, answer) = await fixture.Function.SendAsync(request);
        using var repeated = ScheduledJob.Request("audit-attestations", fixture.Function.Address, due);
        var (statusAgain, answerAgain) = await fixture.Function.SendAsync(repeated);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (status, statusAgain));
        Assert.Equal(("reported", 1), ((string?)answer!["outcome"], (int?)answer["sentBack"]));
        Assert.Equal((string?)answer["digest"], (string?)answerAgain!["digest"]);
        Assert.Equal(fixture.Waiting.ToString(), Assert.Single(await fixture.World.SentBackAsync()));
        Assert.True(await fixture.Function.Log.ContainsAsync("AuditReported", TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("{\"part\":", "no JSON document")]
    [InlineData("{\"audit\":true}", "'audit'")]
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
    public async Task HandleAsync_CallThatDoesNotAnswer_IsToBeAskedAgain()
    {
        fixture.World.Signing.Emulator.Faults.FailNext("ListNoteOccurrences", StatusCode.ResourceExhausted);
        using var request = Post("{}");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await fixture.Function.SendAsync(request)).Status);
    }

    private static HttpRequestMessage Post(string body) => new(HttpMethod.Post, (Uri?)null) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
}
