using System.Net;
using BinAuthz.GoogleCloud;
using BinAuthz.Images;
using Google.Apis.Auth.OAuth2;

namespace BinAuthz.Tests.GoogleCloud;

/// <summary>Answers by address instead of a network, and keeps what was asked.</summary>
internal sealed class StubRegistry : HttpMessageHandler
{
    public const string Host = "us-docker.pkg.dev";
    private readonly Dictionary<string, Func<HttpResponseMessage>> answers = [];

    /// <summary>The requests: address and the authorization they carried.</summary>
    public List<(string Address, string? Authorization)> Requests { get; } = [];

    /// <summary>As Google is called, with the token <c>secret</c>.</summary>
    public RegistryClient Client => new(new GoogleHttp(
        new HttpClient(this), new BinAuthzOptions(), new GoogleTokens(() => Task.FromResult(GoogleCredential.FromAccessToken("secret"))), TimeProvider.System));

    public static ImageReference Image(ImageDigest digest) => ImageReference.Parse($"{Host}/acme-prod/app/server@{digest}");

    public static string Address(string kind, ImageDigest digest) => $"https://{Host}/v2/acme-prod/app/server/{kind}/{digest}";

    public void Answer(string address, Func<HttpResponseMessage> answer) => answers[address] = answer;

    public void Answer(string address, byte[] body) => Answer(address, () => new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent(body) });

    /// <summary>Keeps bytes under their digest.</summary>
    public ImageDigest Store(string kind, string content)
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(content);
        var digest = ImageDigest.Of(bytes);
        Answer(Address(kind, digest), bytes);
        return digest;
    }

    /// <summary>Keeps an image with this configuration.</summary>
    public ImageDigest StoreImage(string configuration) => Store("manifests", $$"""{"schemaVersion":2,"config":{"digest":"{{Store("blobs", configuration)}}"},"layers":[]}""");

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        lock (Requests)
        {
            Requests.Add((request.RequestUri!.AbsoluteUri, request.Headers.Authorization?.ToString()));
        }

        return Task.FromResult(answers.TryGetValue(request.RequestUri.AbsoluteUri, out var answer) ? answer() : new HttpResponseMessage(HttpStatusCode.NotFound) { Content = new StringContent("unknown") });
    }
}
