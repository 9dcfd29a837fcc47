using System.Text;
using System.Text.Json.Nodes;
using BinAuthz.Alerting;
using BinAuthz.Alerting.Secrets;
using BinAuthz.GoogleCloud;
using BinAuthz.Keys;
using BinAuthz.Tests.Alerting.Channels;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;

namespace BinAuthz.Tests.Alerting.Secrets;

/// <summary>Secrets as Secret Manager answers, well and badly.</summary>
public sealed class AlertSecretsTests
{
    private static readonly SecretReference Reference = new SecretReference.Managed(
        SecretVersionName.TryParse("projects/acme-prod/secrets/slack/versions/latest", out var name) ? name : throw new InvalidOperationException());

    private readonly FakeTimeProvider time = new();

    [Fact]
    public async Task Read_SeveralTimes_AsksOnceInFiveMinutes()
    {
        await using var service = await AnsweringAsync(Answer("one\n"u8.ToArray()), Answer("two"u8.ToArray()));
        var secrets = Secrets(service);

        string[] read = [await ReadAsync(secrets), await ReadAsync(secrets)];
        time.Advance(TimeSpan.FromMinutes(5));
        var later = await ReadAsync(secrets);

        Assert.Equal(["one", "one"], read);
        Assert.Equal("two", later);
        Assert.Equal(["/v1/projects/acme-prod/secrets/slack/versions/latest:access", "/v1/projects/acme-prod/secrets/slack/versions/latest:access"], service.Requests.Select(request => request.Path));
    }

    [Fact]
    public async Task Forget_AfterARefusal_ReadsAgain()
    {
        await using var service = await AnsweringAsync(Answer("one"u8.ToArray()), Answer("two"u8.ToArray()));
        var secrets = Secrets(service);
        await ReadAsync(secrets);

        secrets.Forget(Reference);

        Assert.Equal("two", await ReadAsync(secrets));
    }

    [Fact]
    public async Task Read_ChecksumWrongOnce_IsReadAgain()
    {
        await using var service = await AnsweringAsync(Answer("one"u8.ToArray(), checksum: 1), Answer("one"u8.ToArray()));

        Assert.Equal("one", await ReadAsync(Secrets(service)));
    }

    [Theory]
    [InlineData("""{"payload":{"data":"b25l","dataCrc32c":"1"}}""", true, "CRC32C")]
    [InlineData("""{"payload":{"data":"***"}}""", true, "cannot be read")]
    [InlineData("""{"payload":{"data":{}}}""", true, "cannot be read")]
    [InlineData("<html>", true, "cannot be read")]
    [InlineData("""{"payload":{"data":"/w=="}}""", false, "is not UTF-8 text")]
    [InlineData("""{"payload":{"data":"Cg=="}}""", false, "is empty or not set")]
    [InlineData("""{"payload":{}}""", false, "is empty or not set")]
    public async Task Read_AnswerThatCannotBeUsed_SaysWhy(string answer, bool transient, string reason)
    {
        await using var service = await AnsweringAsync(answer);

        var error = await Assert.ThrowsAsync<AlertChannelException>(() => ReadAsync(Secrets(service)));

        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.StartsWith("Channel 'team': ", error.Message, StringComparison.Ordinal);
        Assert.Equal(transient, error.IsTransient);
    }

    [Theory]
    [InlineData(403, "Grant the identity that runs this the permission")]
    [InlineData(404, "was answered NotFound")]
    [InlineData(400, "was answered InvalidArgument")]
    public async Task Read_Refused_IsForSomebodyToMend(int status, string reason)
    {
        await using var service = await LocalService.AnsweringAsync(status);

        var error = await Assert.ThrowsAsync<AlertChannelException>(() => ReadAsync(Secrets(service)));

        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.False(error.IsTransient);
    }

    private AlertSecrets Secrets(LocalService service)
    {
        var options = new BinAuthzOptions { Endpoint = new Uri(service.Address.GetLeftPart(UriPartial.Authority)) };
        return new AlertSecrets(new SecretManagerClient(new GoogleHttp(GoogleHttp.CreateClient(), options, new GoogleTokens(), time)), time);
    }

    private static Task<string> ReadAsync(AlertSecrets secrets) => secrets.ReadAsync("team", Reference, TestContext.Current.CancellationToken);

    private static Task<LocalService> AnsweringAsync(params string[] answers) =>
        LocalService.StartAsync((context, before) => context.Response.WriteAsync(answers[Math.Min(before, answers.Length - 1)], Encoding.UTF8));

    private static string Answer(byte[] data, uint? checksum = null) => new JsonObject
    {
        ["name"] = "projects/1/secrets/slack/versions/1",
        ["payload"] = new JsonObject { ["data"] = Convert.ToBase64String(data), ["dataCrc32c"] = $"{checksum ?? Crc32C.Of(data)}" },
    }.ToJsonString();
}
