using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace BinAuthz.Approval.Pushes;

/// <summary>
/// Reads the audit entry of a push from the JSON of a LogEntry, whether Cloud Logging, a sink or Eventarc wrote it. Members
/// that are unknown, missing or of another type are passed over: entries vary (docs: artifact-registry/docs/audit-logging).
/// </summary>
internal static partial class PushLogEntry
{
    /// <summary>The service of the entries.</summary>
    public const string Service = "artifactregistry.googleapis.com";

    /// <summary>The end of their method's name, which some write with a package before it.</summary>
    public const string Method = "Docker-PutManifest";

    /// <summary>The filter of a log sink that announces pushes.</summary>
    public const string SinkFilter = $"protoPayload.serviceName=\"{Service}\" AND protoPayload.methodName:\"{Method}\"";

    private static readonly string[] LegacyHosts = ["gcr.io", "us.gcr.io", "eu.gcr.io", "asia.gcr.io"];

    /// <summary>Reads an entry.</summary>
    /// <returns>False: it is not the entry of a push that succeeded, or does not tell of which image.</returns>
    public static bool TryRead(JsonElement entry, [NotNullWhen(true)] out PushRecord? push)
    {
        push = null;
        var payload = entry.Member("protoPayload");
        if (payload.Text("serviceName") != Service || !payload.Text("methodName").EndsWith(Method, StringComparison.Ordinal) || payload.Member("status").HasFailed())
        {
            return false;
        }

        var resource = ImageResource().Match(payload.Text("resourceName"));
        var url = ManifestUrl().Match(payload.Member("request").Text("requestUrl"));
        if (ImageName(payload, resource, url) is not { } image)
        {
            return false;
        }

        push = new PushRecord(
            $"{entry.Text("logName")}/{entry.Text("insertId")}",
            payload.Member("authenticationInfo").Text("principalEmail"),
            entry.Time() ?? DateTimeOffset.MinValue,
            image,
            resource.Groups["digest"] is { Success: true } digest ? digest.Value : Uri.UnescapeDataString(url.Groups["reference"].Value),
            $"sha256:{Convert.ToHexStringLower(SHA256.HashData(JsonMarshal.GetRawUtf8Value(entry)))}");
        return true;
    }

    // The resource is the service's own word; what was requested is looked at only where it does not name the image.
    private static string? ImageName(JsonElement payload, Match resource, Match url)
    {
        if (resource.Success)
        {
            return ImageName(resource, Uri.UnescapeDataString(resource.Groups["image"].Value));
        }

        var path = Uri.UnescapeDataString(url.Groups["path"].Value);
        return Repositories(payload)
            .Select(name => Repository().Match(name))
            .Where(match => match.Success && path.StartsWith($"{match.Groups["project"].Value}/{match.Groups["repository"].Value}/", StringComparison.Ordinal))
            .Select(match => ImageName(match, path[(match.Groups["project"].Length + match.Groups["repository"].Length + 2)..]))
            .FirstOrDefault();
    }

    private static string ImageName(Match location, string image)
    {
        var (project, repository) = (location.Groups["project"].Value, location.Groups["repository"].Value);
        return LegacyHosts.Contains(repository) ? $"{repository}/{project}/{image}" : $"{location.Groups["location"].Value}-docker.pkg.dev/{project}/{repository}/{image}";
    }

    private static IEnumerable<string> Repositories(JsonElement payload) =>
        payload.Items("authorizationInfo").Select(permission => permission.Text("resource")).Prepend(payload.Text("resourceName"));

    [GeneratedRegex(@"\Aprojects/(?<project>[^/]+)/locations/(?<location>[^/]+)/repositories/(?<repository>[^/]+)/dockerImages/(?<image>[^@]+)(?:@(?<digest>sha256:[0-9a-f]{64}))?\z")]
    private static partial Regex ImageResource();

    [GeneratedRegex(@"\Aprojects/(?<project>[^/]+)/locations/(?<location>[^/]+)/repositories/(?<repository>[^/]+)")]
    private static partial Regex Repository();

    [GeneratedRegex(@"\A(?:https?://[^/]+)?/v2/(?<path>.+)/manifests/(?<reference>[^/?#]+)(?:[?#].*)?\z")]
    private static partial Regex ManifestUrl();
}
