using System.Text;
using BinAuthz.Cli.Oci;
using BinAuthz.GoogleCloud;
using BinAuthz.Images;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.Extensions.Logging;

namespace BinAuthz.EndToEnd.Tests.Signing;

/// <summary>Reading images over real connections: from the emulated registry, and from servers that misbehave.</summary>
public sealed class RegistryClientTests
{
    private const string Configuration = """{"os":"linux","architecture":"amd64","config":{"User":"65532"}}""";
    private static readonly ImageDigest ConfigurationDigest = ImageDigest.Of(Encoding.UTF8.GetBytes(Configuration));
    private static readonly string Manifest = $$$"""{"schemaVersion":2,"config":{"digest":"{{{ConfigurationDigest}}}"},"layers":[]}""";
    private static readonly ImageReference Image = ImageReference.Parse($"{SigningWorld.Repository}@{ImageDigest.Of(Encoding.UTF8.GetBytes(Manifest))}");

    [Fact]
    public async Task FindAsync_PushedImage_IsReadAsItWasMade()
    {
        await using var world = await SigningWorld.StartAsync();
        var traits = new ImageTraits { User = "nonroot:nonroot", Labels = new Dictionary<string, string> { ["team"] = "payments" } };
        var image = await world.PushAsync(traits: traits);

        var content = await world.Get<RegistryClient>().FindAsync(image, TestContext.Current.CancellationToken);

        Assert.Empty(content!.Platforms);
        var configuration = Assert.Single(content.Configurations);
        Assert.Equal((image.Digest, "linux/amd64", traits.User, traits.Created, null), (configuration.Manifest, configuration.Platform, configuration.User, configuration.Created, configuration.Fault));
        Assert.Equal(traits.Labels, configuration.Labels);
    }

    [Fact]
    public async Task FindAsync_PushedIndex_HasThePlatformsThatArtifactRegistryLists()
    {
        await using var world = await SigningWorld.StartAsync();
        var image = await world.PushAsync(index: true, traits: new ImageTraits { User = "1" }, armTraits: new ImageTraits { User = "2" });
        Assert.True(RepositoryPath.TryParse(image.Name, out var repository));
        var registered = await world.Get<ArtifactRegistryClient>().FindAsync(repository, image.Digest, TestContext.Current.CancellationToken);

        var content = await world.Get<RegistryClient>().FindAsync(image, TestContext.Current.CancellationToken);

        Assert.Equal(registered!.RunnablePlatforms, content!.Platforms);
        Assert.Equal([("linux/amd64", "1"), ("linux/arm64", "2")], content.Configurations.Select(each => (each.Platform, each.User)));
    }

    [Fact]
    public async Task FindAsync_BlobOnAnotherHost_IsFollowedWithoutTheRegistrysName()
    {
        var (toRegistry, toStorage) = (new List<Uri>(), new List<(Uri Address, bool HasToken)>());
        await using var storage = await ServeAsync(context =>
        {
            toStorage.Add((new Uri(context.Request.GetEncodedUrl()), context.Request.Headers.ContainsKey("Authorization")));
            return context.Response.WriteAsync(Configuration, context.RequestAborted);
        });
        await using var registry = await ServeAsync(context =>
        {
            toRegistry.Add(new Uri(context.Request.GetEncodedUrl()));
            if (context.Request.Path.Value!.Contains("/manifests/", StringComparison.Ordinal))
            {
                return context.Response.WriteAsync(Manifest, context.RequestAborted);
            }

            context.Response.Redirect($"{storage.Urls.Single()}/bucket/blob?signature=x");
            return Task.CompletedTask;
        });

        Assert.Equal("65532", Assert.Single((await FindAsync(registry))!.Configurations).User);

        Assert.Equal([Image.Registry, Image.Registry], toRegistry.Select(address => address.Host));
        Assert.Equal((new Uri($"{storage.Urls.Single()}/bucket/blob?signature=x"), false), Assert.Single(toStorage));
    }

    [Fact]
    public async Task FindAsync_BytesChangedOnTheWay_AreNotRead()
    {
        await using var registry = await ServeAsync(context =>
            context.Response.WriteAsync(context.Request.Path.Value!.Contains("/manifests/", StringComparison.Ordinal) ? Manifest : Configuration.Replace("65532", "65533", StringComparison.Ordinal), context.RequestAborted));

        var error = await Assert.ThrowsAsync<CorruptedInTransitException>(() => FindAsync(registry));

        Assert.Contains($"{Image.Name}@{ConfigurationDigest}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FindAsync_ConnectionLostWithinTheBody_IsTransient()
    {
        var attempts = 0;
        await using var registry = await ServeAsync(async context =>
        {
            Interlocked.Increment(ref attempts);
            context.Response.ContentLength = Manifest.Length;
            await context.Response.WriteAsync(Manifest[..10], context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            context.Abort();
        });

        var error = await Assert.ThrowsAsync<GoogleCallException>(() => FindAsync(registry));

        Assert.Equal((StatusCode.Unavailable, 3), (error.Status, attempts));
    }

    private static async Task<ImageContent?> FindAsync(WebApplication registry)
    {
        using var http = GoogleHttp.CreateClient();
        var options = new BinAuthzOptions { Endpoint = new Uri(registry.Urls.Single()) };
        return await new RegistryClient(new GoogleHttp(http, options, new GoogleTokens(), TimeProvider.System)).FindAsync(Image, TestContext.Current.CancellationToken);
    }

    private static async Task<WebApplication> ServeAsync(RequestDelegate answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.Run(answer);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return app;
    }
}
