using System.Globalization;
using System.Text.Json;
using BinAuthz.Approval.Pushes;
using BinAuthz.Attestations;
using BinAuthz.Keys;

namespace BinAuthz.Denials;

/// <summary>
/// Reads what the rotation of keys tells of a revocation. Whoever may write log entries in the project can write such a one:
/// it alerts, and decides nothing.
/// </summary>
internal static class RevocationReader
{
    private const string Event = "KeyRevoked";
    private const int Named = 10;

    /// <summary>Reads an entry of that log.</summary>
    public static LogReading Read(LoggedEntry entry)
    {
        var payload = entry.Json.Member("jsonPayload");
        if (payload.Text("event") != Event || !KeyVersionName.TryParse(payload.Text("keyVersion"), out var version))
        {
            return LogReading.None("it does not tell of a key version that was revoked");
        }

        return LogReading.Of(new Finding(FindingKind.TrustChange, entry.Source(FindingPlatform.Administration, null), null, LoggedText.Cut(payload.GetRawText(), LoggedText.MaximumMessage))
        {
            Principal = LoggedText.Cut(payload.Text("by"), LoggedText.MaximumName),
            Attestors = AttestorName.TryParse(payload.Text("attestor"), out var attestor) ? [attestor] : [],
            Justification = LoggedText.Cut($"compromised since {payload.Text("compromisedSince")}: {payload.Text("reason")}", LoggedText.MaximumName),
            Change = new TrustChange(TrustChangeKind.KeyRevoked, version.ToString(), Event)
            {
                Consequence = LoggedText.Cut(Consequence(payload), LoggedText.MaximumMessage),
            },
        });
    }

    private static string Consequence(JsonElement payload)
    {
        var running = payload.Items("running").Select(image => image.ValueKind == JsonValueKind.String ? image.GetString()! : "").Where(image => image.Length > 0).ToArray();
        var named = running.Length == 0 ? "" : $", such as {string.Join(", ", running.Take(Named))}";
        return $"{Count(payload, "waitingCount")} images wait for approval anew, {Count(payload, "blockedCount")} stay blocked, and {Count(payload, "runningCount")} of them run now{named}.";
    }

    private static string Count(JsonElement payload, string field) =>
        payload.Member(field) is { ValueKind: JsonValueKind.Number } count && count.TryGetDouble(out var value) ? value.ToString("0", CultureInfo.InvariantCulture) : "an unknown number of";
}
