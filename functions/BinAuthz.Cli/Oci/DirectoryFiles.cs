namespace BinAuthz.Cli.Oci;

/// <summary>An image that is a directory.</summary>
internal sealed class DirectoryFiles(string directory) : IImageFiles
{
    public string Source => directory;

    public bool Exists(string path) => File.Exists(Full(path));

    public Stream Open(string path) => Exists(path)
        ? File.OpenRead(Full(path))
        : throw CommandException.Usage($"'{directory}' lacks the file {path}, which its manifests refer to. Copy or save the image again.");

    public void Dispose()
    {
    }

    private string Full(string path) => Path.Combine([directory, .. path.Split('/')]);
}
