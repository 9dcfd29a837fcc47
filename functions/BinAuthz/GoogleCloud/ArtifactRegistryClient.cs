using BinAuthz.Images;
using Grpc.Core;
using Ar = Google.Cloud.ArtifactRegistry.V1;

namespace BinAuthz.GoogleCloud;

/// <summary>Artifact Registry: what an image is, and which digest a tag means.</summary>
internal sealed class ArtifactRegistryClient(GoogleChannels channels)
{
    /// <summary>How many pages of a repository's images are read to find an index: some thousand images.</summary>
    public const int MaximumPages = 3;

    private const int PageSize = 1000;
    private readonly Ar.ArtifactRegistry.ArtifactRegistryClient client = new(channels.For("artifactregistry.googleapis.com"));

    /// <summary>Reads an image by its digest.</summary>
    /// <returns>Null: the registry has no such image.</returns>
    public async Task<RegistryImage?> FindAsync(RepositoryPath repository, ImageDigest digest, CancellationToken cancellationToken)
    {
        var name = $"{repository.Parent}/dockerImages/{Uri.EscapeDataString(repository.Image)}@{digest.Value}";
        try
        {
            var image = await client.GetDockerImageAsync(new Ar.GetDockerImageRequest { Name = name }, Routing.To("name", name, cancellationToken)).ConfigureAwait(false);
            return new RegistryImage(
                image.MediaType,
                image.ArtifactType,
                [.. image.Tags],
                image.UploadTime?.ToDateTimeOffset(),
                [.. image.ImageManifests.Select(child => new PlatformManifest(ImageDigest.Parse(child.Digest), child.Os, child.Architecture))]);
        }
        catch (GoogleCallException error) when (error.Status == StatusCode.NotFound)
        {
            return null;
        }
    }

    /// <summary>All images of a repository, whatever their name in it.</summary>
    /// <param name="repository"><c>projects/P/locations/L/repositories/R</c>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="GoogleCallException">NOT_FOUND: there is no such repository; OUT_OF_RANGE: the list does not end.</exception>
    public async Task<IReadOnlyList<ListedImage>> ListImagesAsync(string repository, CancellationToken cancellationToken)
    {
        var request = new Ar.ListDockerImagesRequest { Parent = repository, PageSize = PageSize };
        var tokens = new PageTokens("ListDockerImages", repository);
        var images = new List<ListedImage>();
        do
        {
            var page = await client.ListDockerImagesAsync(request, Routing.To("parent", repository, cancellationToken)).ConfigureAwait(false);
            images.AddRange(page.DockerImages.Select(Listed));
            request.PageToken = page.NextPageToken;
        }
        while (tokens.Follow(request.PageToken));
        return images;
    }

    /// <summary>The Docker repositories of a location that keep images of their own; caches of other registries and views of other repositories are left out.</summary>
    /// <param name="location"><c>projects/P/locations/L</c>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Their names, <c>projects/P/locations/L/repositories/R</c>.</returns>
    /// <exception cref="GoogleCallException">OUT_OF_RANGE: the list does not end.</exception>
    public async Task<IReadOnlyList<string>> ListRepositoriesAsync(string location, CancellationToken cancellationToken)
    {
        var request = new Ar.ListRepositoriesRequest { Parent = location, PageSize = PageSize };
        var tokens = new PageTokens("ListRepositories", location);
        var repositories = new List<string>();
        do
        {
            var page = await client.ListRepositoriesAsync(request, Routing.To("parent", location, cancellationToken)).ConfigureAwait(false);
            repositories.AddRange(page.Repositories
                .Where(repository => repository.Format == Ar.Repository.Types.Format.Docker && repository.Mode is Ar.Repository.Types.Mode.StandardRepository or Ar.Repository.Types.Mode.Unspecified)
                .Select(repository => repository.Name));
            request.PageToken = page.NextPageToken;
        }
        while (tokens.Follow(request.PageToken));
        return repositories;
    }

    /// <summary>The indexes of an image's name that hold a platform. No API tells them: the repository's images are looked through.</summary>
    /// <returns>The digests, and whether all images were seen: only so many are read.</returns>
    public async Task<(IReadOnlyList<ImageDigest> Indexes, bool IsComplete)> FindIndexesAsync(RepositoryPath repository, ImageDigest platform, CancellationToken cancellationToken)
    {
        var prefix = $"{repository.Parent}/dockerImages/{Uri.EscapeDataString(repository.Image)}@";
        var request = new Ar.ListDockerImagesRequest { Parent = repository.Parent, PageSize = PageSize };
        var indexes = new List<ImageDigest>();
        for (var page = 0; page < MaximumPages; page++)
        {
            var answer = await client.ListDockerImagesAsync(request, Routing.To("parent", request.Parent, cancellationToken)).ConfigureAwait(false);
            indexes.AddRange(answer.DockerImages
                .Where(image => image.Name.StartsWith(prefix, StringComparison.Ordinal) && image.ImageManifests.Any(child => child.Digest == platform.Value))
                .Select(image => ImageDigest.Parse(image.Name[prefix.Length..])));
            request.PageToken = answer.NextPageToken;
            if (request.PageToken.Length == 0)
            {
                return (indexes, true);
            }
        }

        return (indexes, false);
    }

    /// <summary>The digest that a tag means now.</summary>
    /// <returns>Null: there is no such tag.</returns>
    public async Task<ImageDigest?> FindDigestAsync(RepositoryPath repository, string tag, CancellationToken cancellationToken)
    {
        var name = $"{repository.Parent}/packages/{Uri.EscapeDataString(repository.Image)}/tags/{tag}";
        try
        {
            var found = await client.GetTagAsync(new Ar.GetTagRequest { Name = name }, Routing.To("name", name, cancellationToken)).ConfigureAwait(false);
            return ImageDigest.Parse(found.Version[(found.Version.LastIndexOf('/') + 1)..]);
        }
        catch (GoogleCallException error) when (error.Status == StatusCode.NotFound)
        {
            return null;
        }
    }

    private static ListedImage Listed(Ar.DockerImage image)
    {
        var described = new RegistryImage(
            image.MediaType, image.ArtifactType, [], image.UploadTime?.ToDateTimeOffset(), [.. image.ImageManifests.Select(child => new PlatformManifest(ImageDigest.Parse(child.Digest), child.Os, child.Architecture))]);
        return new ListedImage(ImageDigest.Parse(image.Name[(image.Name.LastIndexOf('@') + 1)..]), described.Uploaded, [.. described.Platforms.Select(child => child.Digest)])
        {
            Name = image.Uri.Split('@')[0],
            IsTagged = image.Tags.Count > 0,
            IsContainerImage = described.IsContainerImage,
            RunnablePlatforms = described.RunnablePlatforms,
        };
    }
}
