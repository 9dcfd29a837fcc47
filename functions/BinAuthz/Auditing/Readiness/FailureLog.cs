using System.Text.Json;
using BinAuthz.Approval.Pushes;
using BinAuthz.Denials;

namespace BinAuthz.Auditing.Readiness;

/// <summary>
/// What our functions log when an event is given up or waits for an operator. Refusals are no failures, and neither is what
/// is tried again and then succeeds.
/// </summary>
internal static class FailureLog
{
    /// <summary>The query; a line of JSON is a payload or, with the message alone, text (docs: run/docs/logging).</summary>
    public const string Filter = """
        resource.type="cloud_run_revision"
        severity>=ERROR
        (jsonPayload.message=~"^(PoisonEvent|OperatorNeeded):" OR textPayload=~"^(PoisonEvent|OperatorNeeded):")
        """;

    /// <summary>Reads an entry.</summary>
    /// <param name="json">The entry.</param>
    /// <param name="now">When one happened that does not tell.</param>
    public static LoggedFailure Read(byte[] json, DateTimeOffset now)
    {
        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = LogEntryReader.MaximumDepth });
        var entry = document.RootElement;
        var message = entry.Member("jsonPayload").Text("message") is { Length: > 0 } text ? text : entry.Text("textPayload");
        return new LoggedFailure(
            entry.Time()?.ToUniversalTime() ?? now,
            LoggedText.Cut(entry.Member("resource", "labels").Text("service_name"), LoggedText.MaximumName),
            LoggedText.Cut(message, LoggedText.MaximumName));
    }
}
