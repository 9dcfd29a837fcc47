using System.Text.Json.Nodes;

namespace BinAuthz.Cli.Oci;

/// <summary>Reads an OCI image layout: index.json names the image, blobs/sha256 holds the rest.</summary>
internal static class OciLayout
{
    private const string NameAnnotation = "org.opencontainers.image.ref.name";

    /// <summary>Finds the image of a layout; of several the one that is called <paramref name="tag"/>.</summary>
    /// <exception cref="CommandException">There is none, or the choice is not clear.</exception>
    public static async Task<ImageArchive> ReadAsync(IImageFiles files, string tag, CancellationToken cancellationToken)
    {
        var index = await Json.ParseAsync(files, "index.json", cancellationToken).ConfigureAwait(false);
        var manifests = index["manifests"] as JsonArray ?? [];
        var chosen = manifests.Count == 1 ? [.. manifests] : manifests.Where(each => Name(each) is { } name && (name == tag || name.EndsWith($":{tag}", StringComparison.Ordinal))).ToArray();
        return chosen.Length == 1
            ? new ImageArchive(files, Descriptor.Parse(chosen[0], "index.json"), [], [])
            : throw CommandException.Usage($"'{files.Source}' holds {manifests.Count} images, {chosen.Length} of them named '{tag}': {string.Join(", ", manifests.Select(each => Name(each) ?? (string?)each?["digest"]))}. Push with the tag of one of them, or copy one into a layout of its own.");
    }

    private static string? Name(JsonNode? manifest) => (string?)manifest?["annotations"]?[NameAnnotation];
}
