namespace BinAuthz.Emulator.ArtifactRegistry;

/// <summary>Layers and configurations, as files named by their digest, and uploads that are not complete. Without a data directory the files end with the emulator.</summary>
internal sealed class BlobStore(EmulatorOptions options) : IDisposable
{
    private readonly Lazy<string> root = new(() => options.DataDirectory is { } data
        ? Directory.CreateDirectory(Path.Combine(data, "blobs")).FullName
        : Directory.CreateTempSubdirectory("binauthz-emulator-").FullName);

    /// <summary>The file of a blob, or null.</summary>
    public string? Find(string digest) => Digests.IsDigest(digest) && File.Exists(PathOf(digest)) ? PathOf(digest) : null;

    /// <summary>Begins an upload.</summary>
    public string Begin()
    {
        var upload = Guid.NewGuid().ToString();
        Directory.CreateDirectory(Path.Combine(root.Value, "uploads"));
        File.WriteAllBytes(UploadPath(upload), []);
        return upload;
    }

    /// <summary>How much of an upload has arrived, or null when there is no such upload.</summary>
    public long? Length(string upload) => Guid.TryParseExact(upload, "D", out _) && new FileInfo(UploadPath(upload)) is { Exists: true } file ? file.Length : null;

    public async Task AppendAsync(string upload, Stream content, CancellationToken cancellationToken)
    {
        var file = new FileStream(UploadPath(upload), FileMode.Append, FileAccess.Write);
        await using (file.ConfigureAwait(false))
        {
            await content.CopyToAsync(file, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Ends an upload.</summary>
    /// <returns>False when the content has another digest; then it is gone.</returns>
    public async Task<bool> CompleteAsync(string upload, string digest, CancellationToken cancellationToken)
    {
        var path = UploadPath(upload);
        string actual;
        var content = File.OpenRead(path);
        await using (content.ConfigureAwait(false))
        {
            actual = await Digests.OfAsync(content, cancellationToken).ConfigureAwait(false);
        }

        if (actual != digest)
        {
            File.Delete(path);
            return false;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(digest))!);
        File.Move(path, PathOf(digest), overwrite: true);
        return true;
    }

    /// <summary>Stores a blob that arrives at once.</summary>
    /// <returns>False when the content has another digest.</returns>
    public async Task<bool> PutAsync(string digest, Stream content, CancellationToken cancellationToken)
    {
        var upload = Begin();
        await AppendAsync(upload, content, cancellationToken).ConfigureAwait(false);
        return await CompleteAsync(upload, digest, cancellationToken).ConfigureAwait(false);
    }

    public void Abandon(string upload) => File.Delete(UploadPath(upload));

    public void Dispose()
    {
        if (options.DataDirectory is null && root.IsValueCreated)
        {
            Directory.Delete(root.Value, recursive: true);
        }
    }

    private string UploadPath(string upload) => Path.Combine(root.Value, "uploads", upload);

    private string PathOf(string digest)
    {
        var hex = digest["sha256:".Length..];
        return Path.Combine(root.Value, "sha256", hex[..2], hex);
    }
}
