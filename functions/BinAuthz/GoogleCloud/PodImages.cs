using System.Text.Json;
using BinAuthz.Images;

namespace BinAuthz.GoogleCloud;

/// <summary>Which images a pod runs, by digest. Fields that are missing or of another type are passed over.</summary>
internal static class PodImages
{
    private static readonly (string Part, string List, string Field)[] Places =
    [
        ("spec", "containers", "image"),
        ("spec", "initContainers", "image"),
        ("spec", "ephemeralContainers", "image"),
        ("status", "containerStatuses", "imageID"),
        ("status", "initContainerStatuses", "imageID"),
        ("status", "ephemeralContainerStatuses", "imageID"),
    ];

    /// <summary>The digests in a pod's specification and in its status, which tells what a tag was found to mean.</summary>
    public static IEnumerable<ImageDigest> Read(JsonElement pod) => ReadNamed(pod).Select(image => image.Digest);

    /// <summary>The same, each with the text that names it, without <c>docker-pullable://</c>.</summary>
    public static IEnumerable<(ImageDigest Digest, string Name)> ReadNamed(JsonElement pod) =>
        from place in Places
        from text in Texts(pod, place.Part, place.List, place.Field)
        let digest = DigestOf(text)
        where digest is not null
        select (digest, text[(text.IndexOf("://", StringComparison.Ordinal) is var scheme and >= 0 ? scheme + 3 : 0)..]);

    private static IEnumerable<string> Texts(JsonElement pod, string part, string list, string field) =>
        Member(Member(pod, part), list) is { ValueKind: JsonValueKind.Array } containers
            ? containers.EnumerateArray().Select(container => Member(container, field)).Where(text => text.ValueKind == JsonValueKind.String).Select(text => text.GetString()!)
            : [];

    // repository@sha256:…, docker-pullable://repository@sha256:… or the digest alone.
    private static ImageDigest? DigestOf(string image) => ImageDigest.TryParse(image[(image.LastIndexOf('@') + 1)..], out var digest) ? digest : null;

    private static JsonElement Member(JsonElement value, string name) =>
        value.ValueKind == JsonValueKind.Object && value.TryGetProperty(name, out var member) ? member : default;
}
