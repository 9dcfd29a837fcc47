using System.Text.Json.Nodes;

namespace BinAuthz.Auditing.Reports;

/// <summary>What every SARIF 2.1.0 log of this tool has (docs: OASIS sarif-v2.1.0).</summary>
internal static class SarifLog
{
    private const string Schema = "https://json.schemastore.org/sarif-2.1.0.json";

    /// <summary>A log of one run, whose tool is put first.</summary>
    /// <param name="rules">What <c>ruleIndex</c> counts.</param>
    /// <param name="run">The rest of the run.</param>
    public static JsonObject Of(JsonArray rules, JsonObject run)
    {
        run.Insert(0, "tool", new JsonObject { ["driver"] = new JsonObject { ["name"] = "binauthz", ["rules"] = rules } });
        return new JsonObject { ["$schema"] = Schema, ["version"] = "2.1.0", ["runs"] = new JsonArray(run) };
    }

    /// <summary>A message in plain text. What would be read as a link (3.11.6) is not meant as one.</summary>
    public static JsonObject Message(string text) => new()
    {
        ["text"] = text.Contains("](", StringComparison.Ordinal)
            ? text.Replace("[", "\\[", StringComparison.Ordinal).Replace("]", "\\]", StringComparison.Ordinal)
            : text,
    };
}
