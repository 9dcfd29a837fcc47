namespace BinAuthz.Auditing.Scanning;

/// <summary>An image that a protected repository keeps or a pod runs.</summary>
/// <param name="digest">Its digest.</param>
internal sealed class ScannedImage(DigestKey digest)
{
    public DigestKey Digest { get; } = digest;

    /// <summary><c>HOST/PROJECT/REPOSITORY/IMAGE</c>, the first by name of those that keep it; null: it only runs.</summary>
    public string? Name { get; set; }

    /// <summary>When it was first pushed, UTC; null: not known.</summary>
    public DateTimeOffset? Uploaded { get; set; }

    /// <summary>Whether a repository keeps it as an image of its own, which needs attestations; the manifests of an index count with the index.</summary>
    public bool IsStored { get; set; }

    /// <summary>Whether a pod runs it.</summary>
    public bool IsRunning { get; set; }

    /// <summary>Whether the policy admits it without asking for attestations, under each name that pods have for it.</summary>
    public bool IsExempt { get; set; }

    /// <summary>Of an index, the manifests that a runtime may be asked about.</summary>
    public HashSet<DigestKey> Platforms { get; } = [];
}
