using System.CommandLine;
using BinAuthz.Cli.Output;
using BinAuthz.GoogleCloud;
using BinAuthz.Images;

namespace BinAuthz.Cli.Commands;

/// <summary>An image by digest, or by a tag that is resolved exactly once.</summary>
internal sealed class ImageArgument : Argument<string>
{
    public ImageArgument()
        : base("image")
    {
        Description = "LOCATION-docker.pkg.dev/PROJECT/REPOSITORY/IMAGE@sha256:DIGEST, or :TAG, whose digest is then looked up once and printed.";
    }

    /// <summary>The image by digest.</summary>
    /// <exception cref="FormatException">It is no image.</exception>
    /// <exception cref="CommandException">The tag does not exist, or is in a registry that cannot be asked.</exception>
    public async Task<ImageReference> ResolveAsync(ParseResult arguments, ArtifactRegistryClient registry, CommandOutput output, CancellationToken cancellationToken)
    {
        var text = arguments.GetRequiredValue(this);
        if (text.Contains('@', StringComparison.Ordinal))
        {
            return ImageReference.Parse(text);
        }

        var tagged = TaggedImage.Parse(text);
        if (!RepositoryPath.TryParse(tagged.Name, out var repository))
        {
            throw CommandException.Usage($"'{text}' has no digest and is in no Artifact Registry repository, so its tag cannot be resolved. Write it with its digest, …@sha256:…");
        }

        var digest = await registry.FindDigestAsync(repository, tagged.Tag, cancellationToken).ConfigureAwait(false)
            ?? throw CommandException.Usage($"{tagged.Name} has no tag '{tagged.Tag}'. Push it first, or name the digest: {tagged.Name}@sha256:…");
        var image = tagged.WithDigest(digest);
        output.Progress($"{tagged} is {image}");
        return image;
    }
}
