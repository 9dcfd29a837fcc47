using System.Text.Json;

namespace BinAuthz.Denials;

/// <summary>
/// Finds in a log entry what is alerted on. An entry counts by the log that Google's services alone write, by its service
/// and method, and by the fields in which they answer; a text that a caller chose never makes a finding by itself. Fields
/// that are unknown, missing or of another type are passed over (docs: logging/docs/reference/v2/rest/v2/LogEntry).
/// </summary>
internal static class LogEntryReader
{
    /// <summary>How deep an entry may be nested. Logging's own messages reach 100 levels at most (protobuf's limit).</summary>
    public const int MaximumDepth = 512;

    private static readonly JsonDocumentOptions Lenient = new() { MaxDepth = MaximumDepth, AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };

    /// <summary>Reads an entry as a sink or the API gives it.</summary>
    /// <param name="json">The LogEntry as JSON in UTF-8; invalid characters are replaced.</param>
    /// <exception cref="FormatException">It is no JSON object.</exception>
    public static LogReading Read(ReadOnlySpan<byte> json)
    {
        using var document = Parse(json);
        var entry = new LoggedEntry(document.RootElement);
        return (entry.Log, entry.Service) switch
        {
            (LoggedEntry.Activity or LoggedEntry.ExternalActivity, "k8s.io") => PodEntryReader.Read(entry),
            (LoggedEntry.SystemEvent, "run.googleapis.com") => CloudRunEntryReader.Read(entry),
            (LoggedEntry.Activity, TrustChangeReader.BinaryAuthorization or TrustChangeReader.KeyManagement or TrustChangeReader.ContainerAnalysis) => TrustChangeReader.Read(entry),
            (LoggedEntry.Ours, _) when AuditFindingReader.IsMeant(entry) => AuditFindingReader.Read(entry),
            (LoggedEntry.Ours, _) => RevocationReader.Read(entry),
            (LoggedEntry.ContinuousValidation, _) => ContinuousValidationReader.Read(entry),
            _ => LogReading.None($"entries of log '{entry.Log}' and service '{entry.Service}' tell nothing about admission or trust"),
        };
    }

    private static JsonDocument Parse(ReadOnlySpan<byte> json)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(LoggedText.Valid(json), Lenient);
        }
        catch (JsonException error)
        {
            throw new FormatException($"The log entry is no JSON: {error.Message}", error);
        }

        if (document.RootElement.ValueKind == JsonValueKind.Object)
        {
            return document;
        }

        var kind = document.RootElement.ValueKind;
        document.Dispose();
        throw new FormatException($"The log entry is no JSON object but {kind}.");
    }
}
