using System.Text.Json;
using BinAuthz.Approval;

namespace BinAuthz.Decisions;

/// <summary>The results of rules in JSON, the same in a decision and in a verification summary.</summary>
internal static class RuleJson
{
    /// <summary>Writes an array of results.</summary>
    public static void Write(Utf8JsonWriter writer, string name, IReadOnlyList<RuleResult> rules)
    {
        writer.WriteStartArray(name);
        foreach (var rule in rules)
        {
            writer.WriteStartObject();
            writer.WriteString("rule", rule.Rule);
            writer.WriteString("verdict", VerdictWord(rule.Verdict));
            writer.WriteString("code", rule.Code);
            writer.WriteString("reason", rule.Reason);
            writer.WriteString("remedy", rule.Remedy);
            writer.WriteStartArray("evidence");
            foreach (var evidence in rule.Evidence)
            {
                writer.WriteStartObject();
                writer.WriteString("name", evidence.Name);
                writer.WriteString("digest", evidence.Digest);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteStartArray("warnings");
            foreach (var warning in rule.Warnings)
            {
                writer.WriteStringValue(warning);
            }

            writer.WriteEndArray();
            Write(writer, "parts", rule.Parts);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="FormatException">It is of another form.</exception>
    public static IReadOnlyList<RuleResult> Read(JsonElement rules) =>
    [
        .. JsonFields.Array(rules).Select(rule => new RuleResult(
            JsonFields.Text(rule, "rule"), Verdict(JsonFields.Text(rule, "verdict")), JsonFields.Text(rule, "code"), JsonFields.Text(rule, "reason"), JsonFields.Text(rule, "remedy"))
        {
            Evidence = [.. JsonFields.Array(JsonFields.Get(rule, "evidence")).Select(each => new EvidenceReference(JsonFields.Text(each, "name"), JsonFields.Text(each, "digest")))],
            Warnings = [.. JsonFields.Array(JsonFields.Get(rule, "warnings")).Select(each => each.GetString() ?? "")],
            Parts = Read(JsonFields.Get(rule, "parts")),
        }),
    ];

    /// <summary>The word of a verdict.</summary>
    public static string VerdictWord(RuleVerdict verdict) => verdict switch
    {
        RuleVerdict.Satisfied => "satisfied",
        RuleVerdict.Awaiting => "awaiting",
        _ => "violated",
    };

    private static RuleVerdict Verdict(string word) => word switch
    {
        "satisfied" => RuleVerdict.Satisfied,
        "awaiting" => RuleVerdict.Awaiting,
        "violated" => RuleVerdict.Violated,
        _ => throw new FormatException($"'{word}' is no verdict of a rule"),
    };
}
