using Google.Cloud.ArtifactRegistry.V1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace BinAuthz.Emulator.Tests.ArtifactRegistry;

public sealed class ImagesTests
{
    [Fact]
    public async Task GetDockerImage_Single_DescribesWhatWasPushed()
    {
        await using var emulator = await TestEmulator.StartAsync();
        var registry = new RegistryFixture(emulator);
        var image = TestImage.Single();
        await registry.PushAsync(image, "v1");
        await registry.PushAsync(image, "prod");

        var found = await registry.Client.GetDockerImageAsync(new GetDockerImageRequest { Name = $"{RegistryFixture.Repository}/dockerImages/server@{image.Digest}" }, cancellationToken: TestEmulator.Stop);

        Assert.Equal(($"{RegistryFixture.Repository}/dockerImages/server@{image.Digest}", $"{RegistryFixture.Reference}@{image.Digest}"), (found.Name, found.Uri));
        Assert.Equal(["prod", "v1"], found.Tags);
        Assert.Equal((image.Blobs.Sum(blob => blob.Length), TestImage.ManifestType), (found.ImageSizeBytes, found.MediaType));
        Assert.Equal(Timestamp.FromDateTimeOffset(new DateTimeOffset(2026, 10, 1, 8, 14, 20, TimeSpan.Zero)), found.BuildTime);
        Assert.True(found.UpdateTime.CompareTo(found.UploadTime) >= 0);
        Assert.Empty(found.ImageManifests);
    }

    [Fact]
    public async Task GetDockerImage_Index_ListsItsPlatformsAndChildrenStandAlone()
    {
        await using var emulator = await TestEmulator.StartAsync();
        var registry = new RegistryFixture(emulator);
        var index = TestImage.Index("amd64", "arm64", "unknown");
        await registry.PushAsync(index, "v1");

        var (status, found) = await emulator.SendAsync(HttpMethod.Get, $"/v1/{RegistryFixture.Repository}/dockerImages/server@{index.Digest}");
        var all = await registry.Client.ListDockerImagesAsync(new ListDockerImagesRequest { Parent = RegistryFixture.Repository }, cancellationToken: TestEmulator.Stop);

        Assert.Equal((200, TestImage.IndexType), (status, (string?)found["mediaType"]));
        Assert.Equal(
            [$"linux/amd64 {index.Children[0].Digest} {TestImage.ManifestType}", $"linux/arm64 {index.Children[1].Digest} {TestImage.ManifestType}"],
            found["imageManifests"]!.AsArray().Select(child => $"{child!["os"]}/{child["architecture"]} {child["digest"]} {child["mediaType"]}"));
        Assert.Equal(4, all.DockerImages.Count);
        Assert.Equal(all.DockerImages.Where(image => image.MediaType == TestImage.ManifestType).Sum(image => image.ImageSizeBytes), long.Parse((string)found["imageSizeBytes"]!, System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task GetTag_NestedImage_NamesAreEscaped()
    {
        await using var emulator = await TestEmulator.StartAsync();
        var registry = new RegistryFixture(emulator);
        var image = TestImage.Single();
        await registry.PushAsync(image, "v1", "acme-prod/app/team/server");

        var (status, tag) = await emulator.SendAsync(HttpMethod.Get, $"/v1/{RegistryFixture.Repository}/packages/team%252Fserver/tags/v1?alt=json");
        var found = await registry.Client.GetDockerImageAsync(new GetDockerImageRequest { Name = $"{RegistryFixture.Repository}/dockerImages/team%2Fserver@{image.Digest}" }, cancellationToken: TestEmulator.Stop);

        Assert.Equal((200, $"{RegistryFixture.Repository}/packages/team%2Fserver/versions/{image.Digest}"), (status, (string?)tag["version"]));
        Assert.Equal($"us-central1-docker.pkg.dev/acme-prod/app/team/server@{image.Digest}", found.Uri);
    }

    [Fact]
    public async Task ListVersions_Full_HasTagsAndMetadataAsGcloudReadsThem()
    {
        await using var emulator = await TestEmulator.StartAsync();
        var image = TestImage.Single();
        await new RegistryFixture(emulator).PushAsync(image, "v1");

        var (_, full) = await emulator.SendAsync(HttpMethod.Get, $"/v1/{RegistryFixture.Package}/versions?alt=json&view=FULL");
        var (_, basic) = await emulator.SendAsync(HttpMethod.Get, $"/v1/{RegistryFixture.Package}/versions?alt=json&view=BASIC");

        var version = full["versions"]![0]!;
        Assert.Equal((RegistryFixture.Package + "/tags/v1", TestImage.ManifestType), ((string?)version["relatedTags"]![0]!["name"], (string?)version["metadata"]!["mediaType"]));
        Assert.Equal($"{RegistryFixture.Repository}/dockerImages/server@{image.Digest}", (string?)version["metadata"]!["name"]);
        Assert.Null(basic["versions"]![0]!["metadata"]);
    }

    [Fact]
    public async Task ListDockerImages_InPages_ReturnsEachOnce()
    {
        await using var emulator = await TestEmulator.StartAsync();
        var registry = new RegistryFixture(emulator);
        for (var number = 0; number < 5; number++)
        {
            await registry.PushAsync(TestImage.Single($"image {number}"), $"v{number}");
        }

        var first = await registry.Client.ListDockerImagesAsync(new ListDockerImagesRequest { Parent = RegistryFixture.Repository, PageSize = 3 }, cancellationToken: TestEmulator.Stop);
        var second = await registry.Client.ListDockerImagesAsync(new ListDockerImagesRequest { Parent = RegistryFixture.Repository, PageSize = 3, PageToken = first.NextPageToken }, cancellationToken: TestEmulator.Stop);

        Assert.Equal((3, 2, ""), (first.DockerImages.Count, second.DockerImages.Count, second.NextPageToken));
        Assert.Equal(5, first.DockerImages.Concat(second.DockerImages).Select(image => image.Name).Distinct().Count());
    }

    [Fact]
    public async Task Tags_CreateMoveListDelete_PointWhereTheyShould()
    {
        await using var emulator = await TestEmulator.StartAsync();
        var registry = new RegistryFixture(emulator);
        var (one, two) = (TestImage.Single("one"), TestImage.Single("two"));
        await registry.PushAsync(one, "v1");
        await registry.PushAsync(two, "v2");
        string VersionOf(TestImage image) => $"{RegistryFixture.Package}/versions/{image.Digest}";

        var created = await registry.Client.CreateTagAsync(new CreateTagRequest { Parent = RegistryFixture.Package, TagId = "prod", Tag = new Tag { Version = VersionOf(one) } }, cancellationToken: TestEmulator.Stop);
        var moved = await registry.Client.UpdateTagAsync(new UpdateTagRequest { Tag = new Tag { Name = created.Name, Version = VersionOf(two) } }, cancellationToken: TestEmulator.Stop);
        var (_, listed) = await emulator.SendAsync(HttpMethod.Get, $"/v1/{RegistryFixture.Package}/tags?alt=json&filter={Uri.EscapeDataString($"version=\"{VersionOf(two)}\"")}");
        var (deleted, _) = await emulator.SendAsync(HttpMethod.Delete, $"/v1/{created.Name}");

        Assert.Equal((VersionOf(one), VersionOf(two), 200), (created.Version, moved.Version, deleted));
        Assert.Equal(["prod", "v2"], listed["tags"]!.AsArray().Select(tag => ((string)tag!["name"]!).Split('/')[^1]));
        Assert.Equal(StatusCode.NotFound, (await TestEmulator.FailureAsync(registry.Client.GetTagAsync(new GetTagRequest { Name = created.Name }, cancellationToken: TestEmulator.Stop))).StatusCode);
    }

    public static TheoryData<string, string, StatusCode> BadTags => new()
    {
        { "v1", "{0}", StatusCode.AlreadyExists },
        { "new", "projects/acme-prod/locations/us-central1/repositories/app/packages/server/versions/sha256:1111111111111111111111111111111111111111111111111111111111111111", StatusCode.NotFound },
        { "new", "", StatusCode.NotFound },
        { "with blank", "{0}", StatusCode.InvalidArgument },
    };

    [Theory]
    [MemberData(nameof(BadTags))]
    public async Task CreateTag_Bad_IsRefused(string id, string version, StatusCode expected)
    {
        await using var emulator = await TestEmulator.StartAsync();
        var registry = new RegistryFixture(emulator);
        var image = TestImage.Single();
        await registry.PushAsync(image, "v1");
        var tag = new Tag { Version = version.Replace("{0}", $"{RegistryFixture.Package}/versions/{image.Digest}", StringComparison.Ordinal) };

        var error = await TestEmulator.FailureAsync(registry.Client.CreateTagAsync(new CreateTagRequest { Parent = RegistryFixture.Package, TagId = id, Tag = tag }, cancellationToken: TestEmulator.Stop));

        Assert.Equal(expected, error.StatusCode);
    }

    [Fact]
    public async Task DeleteVersion_Tagged_NeedsForce()
    {
        await using var emulator = await TestEmulator.StartAsync();
        var registry = new RegistryFixture(emulator);
        var image = TestImage.Single();
        await registry.PushAsync(image, "v1");
        var request = new DeleteVersionRequest { Name = $"{RegistryFixture.Package}/versions/{image.Digest}" };

        var refused = await TestEmulator.FailureAsync(registry.Client.DeleteVersionAsync(request, cancellationToken: TestEmulator.Stop));
        request.Force = true;
        var operation = await registry.Client.DeleteVersionAsync(request, cancellationToken: TestEmulator.Stop);
        var gone = await TestEmulator.FailureAsync(registry.Client.GetVersionAsync(new GetVersionRequest { Name = request.Name }, cancellationToken: TestEmulator.Stop));

        Assert.Equal((StatusCode.FailedPrecondition, true, StatusCode.NotFound), (refused.StatusCode, operation.Done, gone.StatusCode));
        Assert.Equal(StatusCode.NotFound, (await TestEmulator.FailureAsync(registry.Client.GetTagAsync(new GetTagRequest { Name = RegistryFixture.Package + "/tags/v1" }, cancellationToken: TestEmulator.Stop))).StatusCode);
    }

    [Fact]
    public async Task DeletePackage_WithAnIndex_LeavesNothing()
    {
        await using var emulator = await TestEmulator.StartAsync();
        var registry = new RegistryFixture(emulator);
        await registry.PushAsync(TestImage.Index("amd64", "arm64"), "v1");

        await registry.Client.DeletePackageAsync(new DeletePackageRequest { Name = RegistryFixture.Package }, cancellationToken: TestEmulator.Stop);

        Assert.Empty((await registry.Client.ListDockerImagesAsync(new ListDockerImagesRequest { Parent = RegistryFixture.Repository }, cancellationToken: TestEmulator.Stop)).DockerImages);
        Assert.Empty((await registry.Client.ListPackagesAsync(new ListPackagesRequest { Parent = RegistryFixture.Repository }, cancellationToken: TestEmulator.Stop)).Packages);
    }

    [Fact]
    public async Task RegistryEvents_OfAPushToAnotherRegistry_RecordsTheImageWithItsChildren()
    {
        await using var emulator = await TestEmulator.StartAsync();
        await using var other = await TestEmulator.StartAsync();
        var index = TestImage.Index("amd64", "arm64");
        await new RegistryFixture(other).PushAsync(index, "v1");
        var body = $$$"""
            {"events":[
              {"id":"1","action":"push","target":{"mediaType":"application/octet-stream","digest":"{{{index.Children[0].Digest}}}","repository":"{{{RegistryFixture.Path}}}","url":"{{{other.Host.RestEndpoint}}}v2/{{{RegistryFixture.Path}}}/blobs/{{{index.Children[0].Digest}}}"}},
              {"id":"2","action":"push","target":{"mediaType":"{{{TestImage.IndexType}}}","digest":"{{{index.Digest}}}","repository":"{{{RegistryFixture.Path}}}","tag":"v1","url":"{{{other.Host.RestEndpoint}}}v2/{{{RegistryFixture.Path}}}/manifests/{{{index.Digest}}}"}},
              {"id":"3","action":"push","target":{"mediaType":"{{{TestImage.IndexType}}}","digest":"{{{index.Children[0].Digest}}}","repository":"{{{RegistryFixture.Path}}}","url":"{{{other.Host.RestEndpoint}}}v2/{{{RegistryFixture.Path}}}/manifests/{{{index.Digest}}}"}},
              {"id":"4","action":"push","target":{"mediaType":"{{{TestImage.IndexType}}}","digest":"{{{index.Digest}}}","repository":"alone","url":"http://127.0.0.1/"}}
            ]}
            """;

        var (status, answer) = await emulator.SendAsync(HttpMethod.Post, "/emulator/v1/registry-events?registry=europe-west1-docker.pkg.dev", body);
        var images = await new RegistryFixture(emulator).Client.ListDockerImagesAsync(
            new ListDockerImagesRequest { Parent = "projects/acme-prod/locations/europe-west1/repositories/app" }, cancellationToken: TestEmulator.Stop);

        Assert.Equal((200, 3, 2), (status, answer["recorded"]!.AsArray().Count, answer["refused"]!.AsArray().Count));
        Assert.Equal(index.Children.Select(child => child.Digest).Append(index.Digest).Order(), images.DockerImages.Select(image => image.Uri.Split('@')[1]).Order());
        Assert.Equal(["v1"], images.DockerImages.Single(image => image.MediaType == TestImage.IndexType).Tags);
        Assert.All(images.DockerImages.Where(image => image.MediaType == TestImage.ManifestType), image => Assert.NotNull(image.BuildTime));
    }

    [Theory]
    [InlineData("not json", 400)]
    [InlineData("{}", 200)]
    [InlineData("""{"events":[{"id":"1","action":"push","target":{"mediaType":"application/vnd.oci.image.index.v1+json","digest":"d","repository":"p/r/i","url":"http://127.0.0.1:1/v2/p/r/i/manifests/d"}}]}""", 502)]
    public async Task RegistryEvents_ThatCannotBeTaken_SayWhetherToSendThemAgain(string body, int expected)
    {
        await using var emulator = await TestEmulator.StartAsync();

        var (status, _) = await emulator.SendAsync(HttpMethod.Post, "/emulator/v1/registry-events", body);

        Assert.Equal(expected, status);
    }
}
