using System.Net;
using System.Text;
using BinAuthz.GoogleCloud;
using BinAuthz.Images;
using Grpc.Core;

namespace BinAuthz.Tests.GoogleCloud;

public sealed class RegistryClientTests : IDisposable
{
    private const string Configuration = """{"os":"linux","architecture":"amd64","created":"2026-01-01T00:00:00Z","config":{"User":"65532"}}""";

    private readonly StubRegistry registry = new();

    public void Dispose() => registry.Dispose();

    [Fact]
    public async Task FindAsync_Image_ReadsItsConfigurationWithTheToken()
    {
        var digest = registry.StoreImage(Configuration);

        var configuration = Assert.Single((await FindAsync(digest))!.Configurations);

        Assert.Equal((digest, ImageDigest.Of(Encoding.UTF8.GetBytes(Configuration)), "linux/amd64", "65532", null), (configuration.Manifest, configuration.Digest, configuration.Platform, configuration.User, configuration.Fault));
        Assert.Equal(["Bearer secret", "Bearer secret"], registry.Requests.Select(request => request.Authorization));
    }

    [Fact]
    public async Task FindAsync_Index_ReadsEveryPlatformOnceAndNotWhatBuildxAdds()
    {
        var (amd, arm) = (registry.StoreImage(Configuration), registry.StoreImage(Configuration.Replace("65532", "0", StringComparison.Ordinal)));
        var digest = registry.Store("manifests", Index((amd, "linux", "amd64"), (arm, "linux", "arm64"), (amd, "linux", "amd64"), (ContentDigest('e'), "unknown", "unknown")));

        var content = await FindAsync(digest);

        Assert.Equal([amd, arm], content!.Platforms);
        Assert.Equal([(amd, "linux/amd64", "65532"), (arm, "linux/arm64", "0")], content.Configurations.Select(each => (each.Manifest, each.Platform, each.User)));
        Assert.Equal(5, registry.Requests.Count);
    }

    [Fact]
    public async Task FindAsync_ManifestWithOtherBytes_IsCorrupted()
    {
        var digest = registry.StoreImage(Configuration);
        registry.Answer(StubRegistry.Address("manifests", digest), Encoding.UTF8.GetBytes("""{"config":{"digest":"x"}}"""));

        var error = await Assert.ThrowsAsync<CorruptedInTransitException>(() => FindAsync(digest));

        Assert.Contains($"{StubRegistry.Host}/acme-prod/app/server@{digest}", error.Message, StringComparison.Ordinal);
        Assert.Single(registry.Requests);
    }

    [Fact]
    public async Task FindAsync_ConfigurationWithOtherBytes_IsCorrupted()
    {
        var configuration = registry.Store("blobs", """{"config":{"User":"0"}}""");
        var digest = registry.Store("manifests", $$$"""{"config":{"digest":"{{{configuration}}}"}}""");
        registry.Answer(StubRegistry.Address("blobs", configuration), Encoding.UTF8.GetBytes(Configuration));

        Assert.Contains($"{configuration}", (await Assert.ThrowsAsync<CorruptedInTransitException>(() => FindAsync(digest))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FindAsync_PartMissing_FindsNothing()
    {
        var digest = registry.Store("manifests", $$$"""{"config":{"digest":"{{{ContentDigest('c')}}}"}}""");
        var index = registry.Store("manifests", Index((digest, "linux", "amd64")));

        Assert.Null(await FindAsync(ContentDigest('a')));
        Assert.Null(await FindAsync(digest));
        Assert.Null(await FindAsync(index));
    }

    [Theory]
    [InlineData("manifests", RegistryClient.LargestManifest)]
    [InlineData("blobs", RegistryClient.LargestConfiguration)]
    public async Task FindAsync_TooLarge_IsUnreadable(string kind, int limit)
    {
        var padded = Configuration + new string(' ', limit + 1 - Configuration.Length);
        var digest = kind == "blobs" ? registry.StoreImage(padded) : registry.Store("manifests", padded);

        Assert.Contains($"more than {limit} bytes", Assert.Single((await FindAsync(digest))!.Configurations).Fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FindAsync_TooLargeWithoutSayingSo_IsNotReadToItsEnd()
    {
        var digest = ContentDigest('a');
        using var endless = new EndlessStream();
        registry.Answer(StubRegistry.Address("manifests", digest), () => new HttpResponseMessage(HttpStatusCode.OK) { Content = new StreamContent(endless) });

        Assert.NotNull(Assert.Single((await FindAsync(digest))!.Configurations).Fault);

        Assert.InRange(endless.Given, RegistryClient.LargestManifest, 2 * RegistryClient.LargestManifest);
    }

    [Theory]
    [InlineData("""{"schemaVersion":2}""", "names no configuration")]
    [InlineData("""[]""", "an object with 'manifests' is expected")]
    [InlineData("""not json""", "its manifest cannot be read")]
    [InlineData("""{"config":{"digest":"sha512:ab"}}""", "no sha256 digest")]
    [InlineData("""{"manifests":[]}""", "an index of 0 platforms")]
    [InlineData("""{"manifests":[{"digest":"sha256:eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee","platform":{"os":"unknown","architecture":"unknown"}}]}""", "an index of 0 platforms")]
    // Traps: what Binary Authorization is asked about and what a runtime runs could differ.
    [InlineData("""{"manifests":[],"config":{"digest":"sha256:eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee"}}""", "an image and an index at once")]
    [InlineData("""{"manifests":[],"layers":[]}""", "an image and an index at once")]
    [InlineData("""{"config":{"digest":"a"},"Config":{"digest":"b"}}""", "'config' is there several times")]
    [InlineData("""{"config":{"digest":"a"},"config":{"digest":"b"}}""", "its manifest cannot be read")]
    [InlineData("""{"manifests":[],"manife\u017Fts":[]}""", "'manifests' is there several times")]
    public async Task FindAsync_NoImageManifest_IsUnreadable(string manifest, string fault)
    {
        var digest = registry.Store("manifests", manifest);

        var configuration = Assert.Single((await FindAsync(digest))!.Configurations);

        Assert.Contains(fault, configuration.Fault, StringComparison.Ordinal);
        Assert.Equal((digest, digest), (configuration.Manifest, configuration.Digest));
    }

    [Fact]
    public async Task FindAsync_IndexWithinAnIndex_IsUnreadable()
    {
        var inner = registry.Store("manifests", Index((registry.StoreImage(Configuration), "linux", "amd64")));
        var digest = registry.Store("manifests", Index((inner, "linux", "amd64")));

        Assert.Equal("it is an index within an index", Assert.Single((await FindAsync(digest))!.Configurations).Fault);
    }

    [Fact]
    public async Task FindAsync_TooManyPlatforms_AsksForNone()
    {
        var platforms = Enumerable.Range(0, RegistryClient.MostPlatforms + 1).Select(number => (ImageDigest.Of(BitConverter.GetBytes(number)), "linux", $"cpu{number}")).ToArray();
        var digest = registry.Store("manifests", Index(platforms));

        Assert.Contains("an index of 101 platforms", Assert.Single((await FindAsync(digest))!.Configurations).Fault, StringComparison.Ordinal);
        Assert.Single(registry.Requests);
    }

    [Theory]
    [InlineData("https://storage.example/blob", null)]
    [InlineData("https://us-docker.pkg.dev:8443/blob", null)]
    [InlineData("https://us-docker.pkg.dev.evil.example/blob", null)]
    [InlineData("https://us-docker.pkg.dev/artifacts-downloads/blob", "Bearer secret")]
    [InlineData("/artifacts-downloads/blob", "Bearer secret")]
    public async Task FindAsync_BlobRedirected_TellsTheTokenToTheSameHostOnly(string location, string? authorization)
    {
        var digest = registry.StoreImage(Configuration);
        registry.Answer(StubRegistry.Address("blobs", ImageDigest.Of(Encoding.UTF8.GetBytes(Configuration))), () => Redirect(location));
        registry.Answer(new Uri(new Uri($"https://{StubRegistry.Host}"), location).AbsoluteUri, Encoding.UTF8.GetBytes(Configuration));

        Assert.Equal("65532", Assert.Single((await FindAsync(digest))!.Configurations).User);

        Assert.Equal(authorization, registry.Requests[^1].Authorization);
    }

    [Fact]
    public async Task FindAsync_BlobRedirectedToHttp_IsRefused()
    {
        var digest = registry.StoreImage(Configuration);
        registry.Answer(StubRegistry.Address("blobs", ImageDigest.Of(Encoding.UTF8.GetBytes(Configuration))), () => Redirect("http://storage.example/blob"));

        var error = await Assert.ThrowsAsync<GoogleCallException>(() => FindAsync(digest));

        Assert.Equal(StatusCode.FailedPrecondition, error.Status);
        Assert.DoesNotContain(registry.Requests, request => request.Address.StartsWith("http:", StringComparison.Ordinal));
    }

    [Fact]
    public async Task FindAsync_RedirectedForEver_EndsInAnError()
    {
        var digest = ContentDigest('a');
        registry.Answer(StubRegistry.Address("manifests", digest), () => Redirect(StubRegistry.Address("manifests", digest)));

        Assert.False((await Assert.ThrowsAsync<GoogleCallException>(() => FindAsync(digest))).IsTransient);
        Assert.Equal(6, registry.Requests.Count);
    }

    [Theory]
    [InlineData(HttpStatusCode.ServiceUnavailable, StatusCode.Unavailable, 3)]
    [InlineData(HttpStatusCode.TooManyRequests, StatusCode.ResourceExhausted, 3)]
    [InlineData(HttpStatusCode.Forbidden, StatusCode.PermissionDenied, 1)]
    [InlineData(HttpStatusCode.Unauthorized, StatusCode.Unauthenticated, 1)]
    public async Task FindAsync_Refused_IsAGoogleCallException(HttpStatusCode http, StatusCode status, int attempts)
    {
        var digest = ContentDigest('a');
        registry.Answer(StubRegistry.Address("manifests", digest), () => new HttpResponseMessage(http) { Content = new StringContent("the server's words") });

        var error = await Assert.ThrowsAsync<GoogleCallException>(() => FindAsync(digest));

        Assert.Equal((status, "manifests.get", attempts), (error.Status, error.Method, registry.Requests.Count));
        Assert.Contains("the server's words", error.Message, StringComparison.Ordinal);
    }

    private Task<ImageContent?> FindAsync(ImageDigest digest) => registry.Client.FindAsync(StubRegistry.Image(digest), TestContext.Current.CancellationToken);

    private static HttpResponseMessage Redirect(string location) => new(HttpStatusCode.TemporaryRedirect) { Headers = { Location = new Uri(location, UriKind.RelativeOrAbsolute) } };

    private static ImageDigest ContentDigest(char digit) => ImageDigest.Parse($"sha256:{new string(digit, 64)}");

    private static string Index(params (ImageDigest Digest, string Os, string Architecture)[] platforms)
    {
        var manifests = platforms.Select(each => $$$"""{"digest":"{{{each.Digest}}}","platform":{"os":"{{{each.Os}}}","architecture":"{{{each.Architecture}}}"}}""");
        return $$"""{"schemaVersion":2,"manifests":[{{string.Join(',', manifests)}}]}""";
    }

    private sealed class EndlessStream : Stream
    {
        public int Given { get; private set; }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => Given; set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count)
        {
            Given += count;
            return count;
        }

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
