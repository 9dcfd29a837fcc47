namespace BinAuthz.Cli.Oci;

/// <summary>The files of an image on disk, by their path inside it with forward slashes.</summary>
internal interface IImageFiles : IDisposable
{
    /// <summary>What was given on the command line.</summary>
    string Source { get; }

    /// <summary>Whether there is such a file.</summary>
    bool Exists(string path);

    /// <summary>Opens a file.</summary>
    /// <exception cref="CommandException">There is no such file.</exception>
    Stream Open(string path);
}
