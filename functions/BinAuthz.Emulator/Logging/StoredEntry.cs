using System.Text.Json;
using Google.Cloud.Logging.V2;

namespace BinAuthz.Emulator.Logging;

/// <summary>An entry, and the same as JSON.</summary>
/// <param name="Key">The same for two entries of one log with the same time and insert id.</param>
/// <param name="Entry">Never changed.</param>
/// <param name="Json">What filters look at.</param>
internal sealed record StoredEntry(string Key, LogEntry Entry, JsonElement Json)
{
    public static StoredEntry Of(LogEntry entry) => new($"{entry.LogName}/{LogJson.Text(entry.Timestamp)}/{entry.InsertId}", entry, LogJson.Element(entry));
}
