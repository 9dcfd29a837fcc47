using System.Net;
using BinAuthz.GoogleCloud;

namespace BinAuthz.Tests.GoogleCloud;

public sealed class StorageClientTests
{
    [Fact]
    public async Task ListAsync_SeveralPages_ReadsThemAll()
    {
        using var handler = new Answers(
            (HttpStatusCode.OK, """{"nextPageToken":"to+ken","items":[{"name":"a/1"}]}"""), (HttpStatusCode.OK, """{"nextPageToken":"last"}"""), (HttpStatusCode.OK, """{"items":[{"name":"a/2"}]}"""));
        using var http = new HttpClient(handler);
        var storage = Client(http);

        Assert.Equal(["a/1", "a/2"], await storage.ListAsync("evidence", "a/", TestContext.Current.CancellationToken));

        Assert.Equal(["?prefix=a%2F", "?prefix=a%2F&pageToken=to%2Bken", "?prefix=a%2F&pageToken=last"], handler.Queries);
    }

    [Fact]
    public async Task CreateAsync_ObjectIsThere_LeavesIt()
    {
        using var handler = new Answers((HttpStatusCode.PreconditionFailed, "{}"));
        using var http = new HttpClient(handler);
        var storage = Client(http);

        Assert.False(await storage.CreateAsync("evidence", "a", "x"u8.ToArray(), "text/plain", TestContext.Current.CancellationToken));

        Assert.Contains("ifGenerationMatch=0", Assert.Single(handler.Queries), StringComparison.Ordinal);
    }

    private static StorageClient Client(HttpClient http) =>
        new(new GoogleHttp(http, new BinAuthzOptions { Endpoint = new Uri("http://127.0.0.1:1") }, new GoogleTokens(), TimeProvider.System));

    private sealed class Answers(params (HttpStatusCode Code, string Body)[] answers) : HttpMessageHandler
    {
        public List<string> Queries { get; } = [];

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var (code, body) = answers[Queries.Count];
            Queries.Add(request.RequestUri!.Query);
            return Task.FromResult(new HttpResponseMessage(code) { Content = new StringContent(body) });
        }
    }
}
