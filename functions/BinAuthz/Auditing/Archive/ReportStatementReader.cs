using System.Text.Json;
using System.Text.RegularExpressions;
using BinAuthz.Auditing.Reports;
using BinAuthz.Decisions;

namespace BinAuthz.Auditing.Archive;

/// <summary>Reads what <see cref="ReportStatement.ToBytes"/> wrote, and nothing else.</summary>
internal static partial class ReportStatementReader
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <summary>Reads a payload whose signature was verified.</summary>
    /// <exception cref="FormatException">It is no such statement.</exception>
    public static ReportStatement Read(ReadOnlyMemory<byte> payload)
    {
        try
        {
            using var document = JsonDocument.Parse(payload, Strict);
            var root = Only(document.RootElement, "_type", "subject", "predicateType", "predicate");
            Demand(root, "_type", ReportStatement.StatementType);
            Demand(root, "predicateType", ReportStatement.PredicateType);
            var predicate = Only(JsonFields.Get(root, "predicate"), "environment", "project", "time", "sequence", "previous");
            var sequence = JsonFields.Get(predicate, "sequence") is { ValueKind: JsonValueKind.Number } number && number.TryGetInt64(out var value) && value > 0
                ? value
                : throw new FormatException("its sequence is no whole number above 0");
            var subjects = JsonFields.Array(JsonFields.Get(root, "subject")).Select(Subject).ToArray();
            return new ReportStatement(
                JsonFields.Text(predicate, "environment"), JsonFields.Text(predicate, "project"), Rfc3339.Read(JsonFields.Text(predicate, "time")), sequence, Previous(predicate, sequence), subjects);
        }
        catch (JsonException error)
        {
            throw new FormatException($"it is not JSON: {error.Message}", error);
        }
    }

    private static PreviousReport? Previous(JsonElement predicate, long sequence)
    {
        var isThere = predicate.TryGetProperty("previous", out var previous);
        if (isThere == (sequence == 1))
        {
            throw new FormatException(isThere ? "it is the first report and names one before it" : "it is not the first report and names none before it");
        }

        return isThere ? new PreviousReport(JsonFields.Text(Only(previous, "name", "digest"), "name"), "sha256:" + Digest(previous), sequence - 1) : null;
    }

    private static StatementSubject Subject(JsonElement json) => new(JsonFields.Text(Only(json, "name", "digest"), "name"), Digest(json));

    private static string Digest(JsonElement json) =>
        JsonFields.Text(Only(JsonFields.Get(json, "digest"), "sha256"), "sha256") is var hex && Hex().IsMatch(hex) ? hex : throw new FormatException($"'{hex}' is no SHA-256");

    private static void Demand(JsonElement json, string name, string expected)
    {
        if (JsonFields.Text(json, name) is var text && text != expected)
        {
            throw new FormatException($"its field '{name}' is '{text}', not '{expected}'");
        }
    }

    private static JsonElement Only(JsonElement json, params string[] names)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            throw new FormatException($"an object is expected, and {json.ValueKind} is there");
        }

        foreach (var field in json.EnumerateObject().Where(field => !names.Contains(field.Name)))
        {
            throw new FormatException($"it has the field '{field.Name}', which no statement of a report has");
        }

        return json;
    }

    [GeneratedRegex(@"\A[0-9a-f]{64}\z")]
    private static partial Regex Hex();
}
