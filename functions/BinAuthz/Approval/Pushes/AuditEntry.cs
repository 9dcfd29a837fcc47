using System.Globalization;
using System.Text.Json;

namespace BinAuthz.Approval.Pushes;

/// <summary>
/// Takes members out of the JSON of a LogEntry, whether Cloud Logging, a sink or Eventarc wrote it. What is missing or of
/// another type counts as missing: entries vary (docs: logging/docs/reference/v2/rest/v2/LogEntry).
/// </summary>
internal static class AuditEntry
{
    private static readonly string[] Times = ["timestamp", "receiveTimestamp"];

    /// <summary>A member of an object; undefined when there is none.</summary>
    public static JsonElement Member(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) ? value : default;

    /// <summary>What a path of members leads to; undefined when there is nothing.</summary>
    public static JsonElement Member(this JsonElement element, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            element = element.Member(name);
        }

        return element;
    }

    /// <summary>A member that is text; empty when there is none.</summary>
    public static string Text(this JsonElement element, string name) =>
        element.Member(name) is { ValueKind: JsonValueKind.String } value ? value.GetString()! : "";

    /// <summary>The items of a member that is a list; empty when there is none.</summary>
    public static IEnumerable<JsonElement> Items(this JsonElement element, string name) =>
        element.Member(name) is { ValueKind: JsonValueKind.Array } value ? value.EnumerateArray() : Enumerable.Empty<JsonElement>();

    /// <summary>Whether an audited call failed: absent and empty mean OK.</summary>
    public static bool HasFailed(this JsonElement status) => status.Member("code") switch
    {
        { ValueKind: JsonValueKind.Undefined or JsonValueKind.Null } => false,
        { ValueKind: JsonValueKind.Number } code => !code.TryGetInt32(out var number) || number != 0,
        { ValueKind: JsonValueKind.String } code => code.GetString() is not ("0" or "OK"),
        _ => true,
    };

    /// <summary>When it happened, nanoseconds rounded to what a DateTimeOffset holds; null when the entry does not say.</summary>
    public static DateTimeOffset? Time(this JsonElement entry) => Times
        .Select(name => DateTimeOffset.TryParse(entry.Text(name), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : (DateTimeOffset?)null)
        .FirstOrDefault(time => time is not null);
}
