using System.Globalization;
using System.Text.Json;

namespace BinAuthz.Auditing.Scanning;

/// <summary>
/// The tally of a part of a note as JSON: counts, findings by rule, and the marks of images by place. It goes with the images that it was made with,
/// which the snapshot of the audit keeps.
/// </summary>
internal static class TallyJson
{
    /// <summary>Writes one.</summary>
    public static byte[] Write(ScanTally tally)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            writer.WriteStartObject();
            writer.WriteNumber("total", tally.Total);
            writer.WriteNumber("valid", tally.Valid);
            Marks(writer, "attested", tally.Attested);
            Marks(writer, "duplicated", tally.Duplicated);
            writer.WriteStartObject("rules");
            foreach (var (id, found) in tally.Rules.Where(each => each.Value.Count > 0))
            {
                Rule(writer, id, found);
            }

            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        return stream.ToArray();
    }

    /// <summary>Reads one.</summary>
    /// <param name="json">What <see cref="Write"/> wrote.</param>
    /// <param name="images">How many images there are.</param>
    /// <param name="limit">How many findings of a rule are named at most.</param>
    /// <exception cref="FormatException">It is another thing.</exception>
    public static ScanTally Read(ReadOnlyMemory<byte> json, int images, int limit)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            var tally = new ScanTally(images, limit);
            tally.Add(root.GetProperty("total").GetInt64(), root.GetProperty("valid").GetInt64());
            foreach (var mark in root.GetProperty("attested").EnumerateObject())
            {
                tally.Mark(Place(mark, images), mark.Value.GetUInt64(), 0);
            }

            foreach (var mark in root.GetProperty("duplicated").EnumerateObject())
            {
                tally.Mark(Place(mark, images), 0, mark.Value.GetUInt64());
            }

            foreach (var rule in root.GetProperty("rules").EnumerateObject())
            {
                tally.Rules[rule.Name].Add(rule.Value.GetProperty("count").GetInt64(), rule.Value.GetProperty("findings").EnumerateArray().Select(finding => Finding(rule.Name, finding)));
            }

            return tally;
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new FormatException($"It is no part of an audit: {error.Message}", error);
        }
    }

    private static void Marks(Utf8JsonWriter writer, string name, IReadOnlyList<ulong> marks)
    {
        writer.WriteStartObject(name);
        for (var place = 0; place < marks.Count; place++)
        {
            if (marks[place] != 0)
            {
                writer.WriteNumber(place.ToString(CultureInfo.InvariantCulture), marks[place]);
            }
        }

        writer.WriteEndObject();
    }

    private static void Rule(Utf8JsonWriter writer, string id, RuleTally found)
    {
        writer.WriteStartObject(id);
        writer.WriteNumber("count", found.Count);
        writer.WriteStartArray("findings");
        foreach (var finding in found.Named)
        {
            writer.WriteStartObject();
            writer.WriteString("severity", finding.Severity.ToString());
            writer.WriteString("resource", finding.Resource);
            writer.WriteString("detail", finding.Detail);
            writer.WriteString("remedy", finding.Remedy);
            writer.WriteString("image", finding.Image);
            writer.WriteString("since", finding.Since?.UtcDateTime.ToString("O", CultureInfo.InvariantCulture));
            writer.WriteStartArray("evidence");
            foreach (var link in finding.Evidence)
            {
                writer.WriteStartArray();
                writer.WriteStringValue(link.Kind);
                writer.WriteStringValue(link.Name);
                writer.WriteEndArray();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static AuditFinding Finding(string rule, JsonElement finding) => new(
        rule,
        Enum.TryParse<AuditSeverity>(Text(finding, "severity"), out var severity) ? severity : throw new FormatException($"'{Text(finding, "severity")}' is no severity"),
        Text(finding, "resource")!,
        Text(finding, "detail")!,
        Text(finding, "remedy")!)
    {
        Image = Text(finding, "image"),
        Since = Text(finding, "since") is { } since ? DateTimeOffset.ParseExact(since, "O", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal) : null,
        Evidence = [.. finding.GetProperty("evidence").EnumerateArray().Select(link => new EvidenceLink(link[0].GetString()!, link[1].GetString()!))],
    };

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();

    private static int Place(JsonProperty mark, int images) =>
        int.TryParse(mark.Name, NumberStyles.None, CultureInfo.InvariantCulture, out var place) && place < images ? place : throw new FormatException($"there is no image {mark.Name}");
}
