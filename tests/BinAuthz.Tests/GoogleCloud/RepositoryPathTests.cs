using BinAuthz.GoogleCloud;

namespace BinAuthz.Tests.GoogleCloud;

public sealed class RepositoryPathTests
{
    [Theory]
    [InlineData("us-central1-docker.pkg.dev/acme-prod/app/server", "projects/acme-prod/locations/us-central1/repositories/app", "server")]
    [InlineData("us-docker.pkg.dev/acme-prod/app/team/server", "projects/acme-prod/locations/us/repositories/app", "team/server")]
    [InlineData("gcr.io/acme-prod/server", "projects/acme-prod/locations/us/repositories/gcr.io", "server")]
    [InlineData("eu.gcr.io/acme-prod/team/server", "projects/acme-prod/locations/europe/repositories/eu.gcr.io", "team/server")]
    public void TryParse_ArtifactRegistryName_FindsRepository(string name, string parent, string image)
    {
        Assert.True(RepositoryPath.TryParse(name, out var path));
        Assert.Equal((parent, "acme-prod", image), (path.Parent, path.Project, path.Image));
    }

    [Theory]
    [InlineData("docker.io/library/nginx")]
    [InlineData("us-docker.pkg.dev/acme-prod/app")]
    [InlineData("-docker.pkg.dev/acme-prod/app/server")]
    [InlineData("us-docker.pkg.dev.evil.example/acme-prod/app/server")]
    [InlineData("gcr.io/server")]
    public void TryParse_OtherRegistry_IsRefused(string name) => Assert.False(RepositoryPath.TryParse(name, out _));
}
