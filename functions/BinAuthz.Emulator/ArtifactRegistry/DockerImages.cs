using BinAuthz.Emulator.State;
using Google.Protobuf.WellKnownTypes;
using Api = Google.Cloud.ArtifactRegistry.V1;

namespace BinAuthz.Emulator.ArtifactRegistry;

/// <summary>A stored manifest as the API shows it: as a Docker image, and as a version of a package.</summary>
internal sealed class DockerImages(ImageStore images)
{
    public Api.DockerImage Describe(StoredManifest manifest)
    {
        var image = ImageLocation.OfResource(manifest.Name);
        var digest = LastSegment(manifest.Name);
        return new Api.DockerImage
        {
            Name = image.DockerImageName(digest),
            Uri = $"{image.Reference}@{digest}",
            Tags = { images.TagsOf(manifest.Name).Select(tag => LastSegment(tag.Name)) },
            ImageSizeBytes = manifest.ImageSizeBytes,
            UploadTime = manifest.UploadTime,
            MediaType = manifest.MediaType,
            BuildTime = manifest.BuildTime,
            UpdateTime = manifest.UpdateTime,
            ArtifactType = manifest.ArtifactType,
            ImageManifests = { manifest.Platforms },
        };
    }

    public Api.Version Version(StoredManifest manifest, Api.VersionView view)
    {
        var version = new Api.Version { Name = manifest.Name, CreateTime = manifest.UploadTime, UpdateTime = manifest.UpdateTime };
        if (view == Api.VersionView.Full)
        {
            version.RelatedTags.AddRange(images.TagsOf(manifest.Name));
            version.Metadata = Metadata(Describe(manifest));
        }

        return version;
    }

    private static Struct Metadata(Api.DockerImage image)
    {
        var metadata = Struct.Parser.ParseJson(Google.Protobuf.JsonFormatter.Default.Format(image));
        // Said by the version itself.
        metadata.Fields.Remove("uri");
        metadata.Fields.Remove("tags");
        return metadata;
    }

    private static string LastSegment(string name) => name[(name.LastIndexOf('/') + 1)..];
}
