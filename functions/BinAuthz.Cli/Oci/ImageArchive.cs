using System.Text.Json.Nodes;

namespace BinAuthz.Cli.Oci;

/// <summary>An image on disk: its root manifest and everything below it, each by digest. Digests are checked when content is read.</summary>
internal sealed class ImageArchive : IDisposable
{
    private const int MaximumManifest = 4 * 1024 * 1024;
    private readonly IImageFiles files;
    private readonly Dictionary<string, byte[]> made;
    private readonly Dictionary<string, string> paths;

    internal ImageArchive(IImageFiles files, Descriptor root, Dictionary<string, byte[]> made, Dictionary<string, string> paths)
    {
        this.files = files;
        this.made = made;
        this.paths = paths;
        Root = root;
    }

    /// <summary>The manifest or index that is the image.</summary>
    public Descriptor Root { get; }

    /// <summary>Opens a directory or archive and finds out what it is.</summary>
    /// <param name="source">An OCI layout (directory or tar), or what <c>docker save</c> wrote.</param>
    /// <param name="tag">Chooses among several images of one layout.</param>
    /// <param name="cancellationToken">Stops unpacking.</param>
    /// <exception cref="CommandException">It is neither, or damaged.</exception>
    public static async Task<ImageArchive> OpenAsync(string source, string tag, CancellationToken cancellationToken)
    {
        IImageFiles files = Directory.Exists(source) ? new DirectoryFiles(source)
            : File.Exists(source) ? await TarFiles.OpenAsync(source, cancellationToken).ConfigureAwait(false)
            : throw CommandException.Usage($"There is no '{source}'. Give an OCI layout (directory or .tar) or what `docker save` wrote.");
        try
        {
            // `docker save` of today writes both forms into one archive; the layout keeps the registry's own digests.
            return files.Exists("index.json") ? await OciLayout.ReadAsync(files, tag, cancellationToken).ConfigureAwait(false)
                : files.Exists("manifest.json") ? await DockerArchive.ReadAsync(files, cancellationToken).ConfigureAwait(false)
                : throw CommandException.Usage($"'{source}' has neither index.json (OCI layout) nor manifest.json (docker archive). Make one with `skopeo copy … oci:DIR` or `docker save IMAGE -o FILE`.");
        }
        catch
        {
            files.Dispose();
            throw;
        }
    }

    /// <summary>Opens a blob.</summary>
    public Stream OpenBlob(Descriptor blob) => made.TryGetValue(blob.Digest, out var bytes)
        ? new MemoryStream(bytes, writable: false)
        : files.Open(paths.GetValueOrDefault(blob.Digest) ?? $"blobs/{blob.Digest.Replace(':', '/')}");

    /// <summary>The bytes of a manifest, index or config.</summary>
    /// <exception cref="CommandException">They do not have the digest.</exception>
    public async Task<byte[]> ReadAsync(Descriptor descriptor, CancellationToken cancellationToken)
    {
        var stream = OpenBlob(descriptor);
        await using (stream.ConfigureAwait(false))
        {
            if (stream.Length > MaximumManifest)
            {
                throw CommandException.Usage($"{descriptor.Digest} of '{files.Source}' has {stream.Length} bytes; a manifest has at most {MaximumManifest}.");
            }

            var bytes = new byte[stream.Length];
            await stream.ReadExactlyAsync(bytes, cancellationToken).ConfigureAwait(false);
            var actual = Digests.Of(bytes);
            return actual == descriptor.Digest ? bytes : throw Damaged(descriptor, actual);
        }
    }

    /// <summary>The children of an index, or the config and layers of a manifest.</summary>
    public async Task<IReadOnlyList<Descriptor>> ReferencesAsync(Descriptor manifest, CancellationToken cancellationToken)
    {
        var document = Json.Parse(await ReadAsync(manifest, cancellationToken).ConfigureAwait(false), manifest.Digest);
        return MediaTypes.IsIndex(manifest.MediaType)
            ? [.. Children(document, "manifests", manifest.Digest)]
            : [Descriptor.Parse(document["config"], manifest.Digest), .. Children(document, "layers", manifest.Digest)];
    }

    /// <summary>Says what is wrong with content that does not have its digest.</summary>
    public CommandException Damaged(Descriptor descriptor, string actual) =>
        CommandException.Usage($"'{files.Source}' is damaged: the content of {descriptor.Digest} has the digest {actual}. Copy or save the image again.");

    public void Dispose() => files.Dispose();

    private static IEnumerable<Descriptor> Children(JsonNode document, string list, string where) =>
        document[list] is JsonArray children ? children.Select(child => Descriptor.Parse(child, where)) : [];
}
