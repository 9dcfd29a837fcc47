using BinAuthz.Images;
using Grpc.Core;
using Ar = Google.Cloud.ArtifactRegistry.V1;

namespace BinAuthz.GoogleCloud;

/// <summary>Artifact Registry: what an image is, and which digest a tag means.</summary>
internal sealed class ArtifactRegistryClient(GoogleChannels channels)
{
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
}
