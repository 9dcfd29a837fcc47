using System.Text.Json.Nodes;
using BinAuthz.Decisions;
using Spectre.Console;

namespace BinAuthz.Cli.Approval;

/// <summary>A kept refusal for people and programs.</summary>
internal static class RefusalOutput
{
    /// <summary>For programs.</summary>
    public static JsonObject ToJson(Decision refusal) => new()
    {
        ["attestor"] = refusal.Attestor.ToString(),
        ["outcome"] = refusal.Outcome,
        ["time"] = Rfc3339.Write(refusal.Time),
        ["environment"] = refusal.Environment,
        ["image"] = refusal.Image.ToString(),
        ["policy"] = refusal.PolicyDigest,
        ["rules"] = RuleResultOutput.ToJson(refusal.Rules),
    };

    /// <summary>For people: what was refused, by whom and when, and every rule.</summary>
    public static void Write(IAnsiConsole people, Decision refusal)
    {
        people.WriteLine($"{refusal.Outcome.Replace('_', ' ')}: {refusal.Image} by {refusal.Attestor} at {Rfc3339.Write(refusal.Time)}", new Style(Color.Red));
        people.WriteLine($"  policy {refusal.PolicyDigest} of {refusal.Environment}");
        RuleResultOutput.Write(people, refusal.Rules);
    }
}
