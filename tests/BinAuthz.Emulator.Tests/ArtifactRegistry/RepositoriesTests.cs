using Google.Cloud.ArtifactRegistry.V1;
using Grpc.Core;

namespace BinAuthz.Emulator.Tests.ArtifactRegistry;

public sealed class RepositoriesTests
{
    private const string Location = "projects/acme-prod/locations/us-central1";

    [Fact]
    public async Task CreateRepository_OverRestAsGcloudSendsIt_IsAnOperationThatIsDone()
    {
        await using var emulator = await TestEmulator.StartAsync();

        var (status, operation) = await emulator.SendAsync(HttpMethod.Post, $"/v1/{Location}/repositories?alt=json&repositoryId=app",
            $$"""{"description": "x", "format": "DOCKER", "mode": "MODE_UNSPECIFIED", "name": "{{Location}}/repositories/app"}""");
        var (_, polled) = await emulator.SendAsync(HttpMethod.Get, $"/v1/{operation["name"]}?alt=json");
        var (_, repository) = await emulator.SendAsync(HttpMethod.Get, $"/v1/{Location}/repositories/app?alt=json");

        Assert.Equal((200, true, $"{Location}/repositories/app"), (status, (bool?)polled["done"], (string?)polled["response"]!["name"]));
        Assert.Equal(("DOCKER", "STANDARD_REPOSITORY", "us-central1-docker.pkg.dev/acme-prod/app"), ((string?)repository["format"], (string?)repository["mode"], (string?)repository["registryUri"]));
    }

    public static TheoryData<string, Repository.Types.Format, StatusCode> BadRepositories => new()
    {
        { "app", Repository.Types.Format.Docker, StatusCode.AlreadyExists },
        { "App", Repository.Types.Format.Docker, StatusCode.InvalidArgument },
        { "new", Repository.Types.Format.Unspecified, StatusCode.InvalidArgument },
        { "new", Repository.Types.Format.Maven, StatusCode.Unimplemented },
    };

    [Theory]
    [MemberData(nameof(BadRepositories))]
    public async Task CreateRepository_Bad_IsRefused(string id, Repository.Types.Format format, StatusCode expected)
    {
        await using var emulator = await TestEmulator.StartAsync();
        var registry = new RegistryFixture(emulator);
        await registry.Client.CreateRepositoryAsync(New("app", Repository.Types.Format.Docker), cancellationToken: TestEmulator.Stop);

        var error = await TestEmulator.FailureAsync(registry.Client.CreateRepositoryAsync(New(id, format), cancellationToken: TestEmulator.Stop));

        Assert.Equal(expected, error.StatusCode);
    }

    [Fact]
    public async Task Push_ToARepositoryWithImmutableTags_CannotMoveATag()
    {
        await using var emulator = await TestEmulator.StartAsync();
        var registry = new RegistryFixture(emulator);
        var request = New("app", Repository.Types.Format.Docker);
        request.Repository.DockerConfig = new Repository.Types.DockerRepositoryConfig { ImmutableTags = true };
        await registry.Client.CreateRepositoryAsync(request, cancellationToken: TestEmulator.Stop);
        await registry.PushAsync(TestImage.Single("one"), "v1");
        await registry.PushAsync(TestImage.Single("one"), "v1");
        await registry.PushAsync(TestImage.Single("two"));

        using var moved = await registry.PutManifestAsync(TestImage.Single("two").Manifest, TestImage.ManifestType, "v1");

        Assert.Equal((403, "DENIED"), ((int)moved.StatusCode, await RegistryFixture.CodeAsync(moved)));
    }

    [Fact]
    public async Task DeleteRepository_WithImages_LeavesNothing()
    {
        await using var emulator = await TestEmulator.StartAsync();
        var registry = new RegistryFixture(emulator);
        var image = TestImage.Single();
        await registry.PushAsync(image, "v1");

        await registry.Client.DeleteRepositoryAsync(new DeleteRepositoryRequest { Name = RegistryFixture.Repository }, cancellationToken: TestEmulator.Stop);

        Assert.Empty((await registry.Client.ListRepositoriesAsync(new ListRepositoriesRequest { Parent = Location }, cancellationToken: TestEmulator.Stop)).Repositories);
        Assert.Equal(404, (await emulator.SendAsync(HttpMethod.Get, $"/v1/{RegistryFixture.Repository}/dockerImages")).Status);
        using var manifest = await registry.SendAsync(HttpMethod.Get, $"/v2/{RegistryFixture.Path}/manifests/v1");
        Assert.Equal(404, (int)manifest.StatusCode);
    }

    [Fact]
    public async Task UpdateRepository_WithMask_ChangesOnlyThat()
    {
        await using var emulator = await TestEmulator.StartAsync();
        var registry = new RegistryFixture(emulator);
        await registry.PushAsync(TestImage.Single(), "v1");

        var (status, repository) = await emulator.SendAsync(HttpMethod.Patch, $"/v1/{RegistryFixture.Repository}?updateMask=description", """{"description":"images","format":"MAVEN"}""");

        Assert.Equal((200, "images", "DOCKER"), (status, (string?)repository["description"], (string?)repository["format"]));
    }

    [Fact]
    public async Task RepositoryIam_SetAsGcloudDoes_IsReadBack()
    {
        await using var emulator = await TestEmulator.StartAsync();
        await new RegistryFixture(emulator).PushAsync(TestImage.Single(), "v1");

        await emulator.SendAsync(HttpMethod.Post, $"/v1/{RegistryFixture.Repository}:setIamPolicy?alt=json",
            """{"policy": {"bindings": [{"members": ["user:a@b.c"], "role": "roles/artifactregistry.reader"}], "etag": "ACAB"}}""");
        var (status, policy) = await emulator.SendAsync(HttpMethod.Get, $"/v1/{RegistryFixture.Repository}:getIamPolicy?alt=json");

        Assert.Equal((200, "roles/artifactregistry.reader"), (status, (string?)policy["bindings"]![0]!["role"]));
    }

    [Fact]
    public async Task Get_OfTheCatalog_IsRefused()
    {
        await using var emulator = await TestEmulator.StartAsync();

        var (status, answer) = await emulator.SendAsync(HttpMethod.Get, "/v2/_catalog");

        Assert.Equal((400, "NAME_INVALID"), (status, (string?)answer["errors"]![0]!["code"]));
    }

    private static CreateRepositoryRequest New(string id, Repository.Types.Format format) =>
        new() { Parent = Location, RepositoryId = id, Repository = new Repository { Format = format } };
}
