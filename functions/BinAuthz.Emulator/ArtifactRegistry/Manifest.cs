using System.Text.Json;

namespace BinAuthz.Emulator.ArtifactRegistry;

/// <summary>An image manifest or an index, in the formats of OCI and Docker.</summary>
internal sealed class Manifest
{
    public static readonly IReadOnlyList<string> MediaTypes =
    [
        "application/vnd.oci.image.manifest.v1+json", "application/vnd.oci.image.index.v1+json",
        "application/vnd.docker.distribution.manifest.v2+json", "application/vnd.docker.distribution.manifest.list.v2+json",
    ];

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private readonly Document document;

    private Manifest(byte[] content, string mediaType, Document document)
    {
        Content = content;
        MediaType = mediaType;
        Digest = Digests.Of(content);
        this.document = document;
    }

    public byte[] Content { get; }

    public string MediaType { get; }

    public string Digest { get; }

    public string ArtifactType => document.ArtifactType ?? "";

    public Descriptor? Config => document.Config;

    public IReadOnlyList<Descriptor> Children => document.Manifests ?? [];

    /// <summary>The content that must be there before the manifest, apart from the manifests of an index.</summary>
    public IEnumerable<Descriptor> Blobs => (document.Layers ?? []).Where(layer => !layer.IsForeign).Concat(Config is { } config ? [config] : []);

    /// <summary>Reads a manifest.</summary>
    /// <param name="content">The bytes, of which the digest is that of the manifest.</param>
    /// <param name="contentType">What the transport says; parameters are left aside.</param>
    /// <param name="problem">What is wrong with it.</param>
    public static Manifest? Read(byte[] content, string? contentType, out string problem)
    {
        problem = "";
        try
        {
            var document = JsonSerializer.Deserialize<Document>(content, Json);
            var sent = contentType?.Split(';')[0].Trim();
            var type = sent is null or "" or "application/json" or "application/octet-stream" ? document?.MediaType : sent;
            problem = Problem(document, type);
            return problem.Length == 0 ? new Manifest(content, type!, document!) : null;
        }
        catch (JsonException error)
        {
            problem = $"The manifest is not the JSON that is expected: {error.Message}";
            return null;
        }
    }

    private static string Problem(Document? document, string? type)
    {
        if (document is null || type is null || !MediaTypes.Contains(type))
        {
            return $"The media type of the manifest is \"{type}\"; one of {string.Join(", ", MediaTypes)} is expected.";
        }

        if (document.MediaType is { } own && own != type)
        {
            return $"The manifest says that it is {own}, the request says {type}.";
        }

        if (IsIndex(type) ? document.Manifests is null : document.Config is null)
        {
            return IsIndex(type) ? "The index has no \"manifests\"." : "The manifest has no \"config\".";
        }

        return Descriptors(document).All(HasDigest) ? "" : "A descriptor of the manifest has no sha256 digest.";
    }

    private static bool IsIndex(string mediaType) => mediaType.Contains("index", StringComparison.Ordinal) || mediaType.Contains("list", StringComparison.Ordinal);

    private static IEnumerable<Descriptor?> Descriptors(Document document) =>
        (document.Manifests ?? []).Concat(document.Layers ?? []).Concat(document.Config is { } config ? [config] : []);

    // A null in a JSON array is a null here, whatever the type says.
    private static bool HasDigest(Descriptor? descriptor) => descriptor?.Digest is { } digest && Digests.IsDigest(digest);

    private sealed record Document(string? MediaType, string? ArtifactType, Descriptor? Config, IReadOnlyList<Descriptor>? Layers, IReadOnlyList<Descriptor>? Manifests);
}
