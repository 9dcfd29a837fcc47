using System.Text.Json;
using System.Text.Json.Nodes;

namespace BinAuthz.Cli.Oci;

/// <summary>Reads what <c>docker save</c> writes: manifest.json names the config and the layers. The registry's manifest is made from them.</summary>
internal static class DockerArchive
{
    /// <summary>Makes the manifest of the only image in an archive.</summary>
    /// <exception cref="CommandException">There is none, or there are several.</exception>
    public static async Task<ImageArchive> ReadAsync(IImageFiles files, CancellationToken cancellationToken)
    {
        if (await Json.ParseAsync(files, "manifest.json", cancellationToken).ConfigureAwait(false) is not JsonArray { Count: 1 } images)
        {
            throw CommandException.Usage($"'{files.Source}' does not hold exactly one image. Save one alone: `docker save IMAGE -o FILE`.");
        }

        var paths = new Dictionary<string, string>(StringComparer.Ordinal);
        var config = await DescribeAsync(files, (string?)images[0]?["Config"], MediaTypes.OciConfig, paths, cancellationToken).ConfigureAwait(false);
        var layers = new JsonArray();
        foreach (var layer in images[0]?["Layers"] as JsonArray ?? [])
        {
            layers.Add((await DescribeAsync(files, (string?)layer, mediaType: null, paths, cancellationToken).ConfigureAwait(false)).ToJson());
        }

        var manifest = JsonSerializer.SerializeToUtf8Bytes(new JsonObject
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = MediaTypes.OciManifest,
            ["config"] = config.ToJson(),
            ["layers"] = layers,
        });
        var root = new Descriptor(MediaTypes.OciManifest, Digests.Of(manifest), manifest.Length);
        return new ImageArchive(files, root, new Dictionary<string, byte[]> { [root.Digest] = manifest }, paths);
    }

    private static async Task<Descriptor> DescribeAsync(IImageFiles files, string? path, string? mediaType, Dictionary<string, string> paths, CancellationToken cancellationToken)
    {
        if (path is null)
        {
            throw CommandException.Usage($"manifest.json of '{files.Source}' names no Config or a layer that is no path. Save the image again: `docker save IMAGE -o FILE`.");
        }

        var stream = files.Open(path);
        await using (stream.ConfigureAwait(false))
        {
            var type = mediaType ?? (Gzip.IsGzip(stream) ? MediaTypes.OciGzipLayer : MediaTypes.OciLayer);
            var digest = await Digests.OfAsync(stream, cancellationToken).ConfigureAwait(false);
            paths[digest] = path;
            return new Descriptor(type, digest, stream.Length);
        }
    }
}
