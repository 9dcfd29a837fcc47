using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using BinAuthz.Approval.Content;
using BinAuthz.Images;

namespace BinAuthz.GoogleCloud;

/// <summary>Reads an image configuration (docs: github.com/opencontainers/image-spec/blob/main/config.md). Members that it lacks are left empty.</summary>
internal static partial class OciConfiguration
{
    /// <summary>Reads a configuration whose digest was verified.</summary>
    /// <param name="manifest">The digest of the manifest that names it.</param>
    /// <param name="digest">Its own digest.</param>
    /// <param name="platform">As the index names it; empty: as the configuration says.</param>
    /// <param name="bytes">The document.</param>
    public static ImageConfiguration Parse(ImageDigest manifest, ImageDigest digest, string platform, ReadOnlyMemory<byte> bytes)
    {
        try
        {
            using var document = OciJson.Parse(bytes);
            var root = document.RootElement;
            var config = OciJson.Member(root, "config");
            return new ImageConfiguration(
                manifest,
                digest,
                platform.Length > 0 ? platform : $"{OciJson.Text(root, "os")}/{OciJson.Text(root, "architecture")}",
                config is { } user ? OciJson.Text(user, "User") : "",
                Time(OciJson.Text(root, "created")),
                config is { } labelled && OciJson.Member(labelled, "Labels") is { } labels ? Labels(labels) : new Dictionary<string, string>());
        }
        catch (Exception error) when (OciJson.IsUnreadable(error))
        {
            return ImageConfiguration.Unreadable(manifest, digest, platform.Length > 0 ? platform : "image", $"its configuration cannot be read: {error.Message}");
        }
    }

    private static Dictionary<string, string> Labels(JsonElement labels) => labels.ValueKind == JsonValueKind.Object
        ? labels.EnumerateObject().ToDictionary(label => label.Name, label => Text(label.Value), StringComparer.Ordinal)
        : throw new JsonException("'Labels' is no object");

    private static string Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Null => "",
        _ => throw new JsonException("a label is no text"),
    };

    private static DateTimeOffset? Time(string text) =>
        Rfc3339().IsMatch(text) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? time : null;

    [GeneratedRegex(@"\A[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})\z")]
    private static partial Regex Rfc3339();
}
