using System.Formats.Tar;
using System.IO.Compression;

namespace BinAuthz.Cli.Oci;

/// <summary>
/// An image that is a tar archive, gzipped or not. The content is unpacked under names of our own, so that no path in the
/// archive is ever a path on this machine.
/// </summary>
internal sealed class TarFiles : IImageFiles
{
    private const int MaximumLinks = 16;
    private readonly DirectoryInfo unpacked = Directory.CreateTempSubdirectory("binauthz-");
    private readonly Dictionary<string, string> files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> links = new(StringComparer.Ordinal);

    private TarFiles(string source) => Source = source;

    public string Source { get; }

    /// <summary>Unpacks an archive.</summary>
    /// <exception cref="CommandException">It is no tar archive.</exception>
    public static async Task<TarFiles> OpenAsync(string archive, CancellationToken cancellationToken)
    {
        var files = new TarFiles(archive);
        try
        {
            var raw = File.OpenRead(archive);
            await using (raw.ConfigureAwait(false))
            {
                await files.UnpackAsync(Gzip.IsGzip(raw) ? new GZipStream(raw, CompressionMode.Decompress) : raw, cancellationToken).ConfigureAwait(false);
            }

            return files;
        }
        catch (Exception error)
        {
            files.Dispose();
            if (error is InvalidDataException or EndOfStreamException or FormatException)
            {
                throw CommandException.Usage($"'{archive}' is no readable tar archive: {error.Message} Give an OCI layout (directory or .tar) or what `docker save` wrote.", error);
            }

            throw;
        }
    }

    public bool Exists(string path) => Resolve(path) is not null;

    public Stream Open(string path) => Resolve(path) is { } file
        ? File.OpenRead(file)
        : throw CommandException.Usage($"'{Source}' lacks the file {path}, which its manifests refer to. Copy or save the image again.");

    public void Dispose() => unpacked.Delete(recursive: true);

    private async Task UnpackAsync(Stream archive, CancellationToken cancellationToken)
    {
        var reader = new TarReader(archive);
        await using (reader.ConfigureAwait(false))
        {
            while (await reader.GetNextEntryAsync(copyData: false, cancellationToken).ConfigureAwait(false) is { } entry)
            {
                var path = Normalise(entry.Name);
                if (entry.EntryType is TarEntryType.SymbolicLink or TarEntryType.HardLink)
                {
                    var parent = entry.EntryType == TarEntryType.HardLink ? "" : path[..(path.LastIndexOf('/') + 1)];
                    links[path] = Normalise(parent + entry.LinkName);
                }
                else if (entry.EntryType is TarEntryType.RegularFile or TarEntryType.V7RegularFile)
                {
                    var file = Path.Combine(unpacked.FullName, $"{files.Count}");
                    await CopyAsync(entry.DataStream, file, cancellationToken).ConfigureAwait(false);
                    files[path] = file;
                }
            }
        }
    }

    // Without the archive's permissions, which may deny reading.
    private static async Task CopyAsync(Stream? content, string path, CancellationToken cancellationToken)
    {
        var file = File.Create(path);
        await using (file.ConfigureAwait(false))
        {
            await (content ?? Stream.Null).CopyToAsync(file, cancellationToken).ConfigureAwait(false);
        }
    }

    private string? Resolve(string path)
    {
        for (var hops = 0; hops < MaximumLinks; hops++)
        {
            if (files.TryGetValue(path, out var file))
            {
                return file;
            }

            if (!links.TryGetValue(path, out var target))
            {
                return null;
            }

            path = target;
        }

        return null;
    }

    private static string Normalise(string path)
    {
        var parts = new List<string>();
        foreach (var part in path.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(part => part != "."))
        {
            if (part != "..")
            {
                parts.Add(part);
            }
            else if (parts.Count > 0)
            {
                parts.RemoveAt(parts.Count - 1);
            }
        }

        return string.Join('/', parts);
    }
}
