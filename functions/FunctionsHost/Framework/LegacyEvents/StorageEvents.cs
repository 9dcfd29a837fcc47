using System.Text.RegularExpressions;

namespace Google.Cloud.Functions.Framework.LegacyEvents;

/// <summary>Cloud Storage's resource names: the bucket is the source, the object without its generation the subject.</summary>
internal static partial class StorageEvents
{
    public static EventOrigin Locate(LegacyEvent legacyEvent, string resource)
    {
        var match = ObjectName().Match(resource);
        return match.Success
            ? new EventOrigin(match.Groups["source"].Value, match.Groups["subject"].Value, ("bucket", match.Groups["bucket"].Value))
            : new EventOrigin(resource);
    }

    [GeneratedRegex(@"^(?<source>projects/_/buckets/(?<bucket>[^/]+))/(?<subject>objects/.*?)(?:#\d+)?\z")]
    private static partial Regex ObjectName();
}
