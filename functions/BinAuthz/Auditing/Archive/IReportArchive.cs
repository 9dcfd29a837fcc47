namespace BinAuthz.Auditing.Archive;

/// <summary>Where reports are kept: a bucket, or a local folder with the same layout. Files are created and read, never changed.</summary>
internal interface IReportArchive
{
    /// <summary>Where it is, such as <c>gs://acme-prod-binauthz-evidence</c>.</summary>
    string Place { get; }

    /// <summary>Keeps a file unless there is one of that name.</summary>
    /// <returns>False: there was one, and it is as it was. After a lost answer that may be the caller's own.</returns>
    Task<bool> CreateAsync(string name, ReadOnlyMemory<byte> content, string contentType, CancellationToken cancellationToken);

    /// <summary>The bytes of a file; null: there is none.</summary>
    Task<byte[]?> FindAsync(string name, CancellationToken cancellationToken);

    /// <summary>The names that begin with a prefix, in order.</summary>
    Task<IReadOnlyList<string>> ListAsync(string prefix, CancellationToken cancellationToken);
}
