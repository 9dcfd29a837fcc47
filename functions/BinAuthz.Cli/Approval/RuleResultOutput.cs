using System.Text.Json.Nodes;
using BinAuthz.Approval;
using BinAuthz.Decisions;
using Spectre.Console;

namespace BinAuthz.Cli.Approval;

/// <summary>Rule results for people and programs, with the parts of <c>all</c> and <c>any</c> below them.</summary>
internal static class RuleResultOutput
{
    /// <summary>The word for a decision: <c>approved</c>, <c>rejected</c> or <c>not-ready</c>.</summary>
    public static string Word(ApprovalDecision decision) => decision switch
    {
        ApprovalDecision.Approved => "approved",
        ApprovalDecision.Rejected => "rejected",
        _ => "not-ready",
    };

    /// <summary>The codes of results and of their parts, at every depth.</summary>
    public static IEnumerable<string> Codes(IEnumerable<RuleResult> results) => results.SelectMany(result => Codes(result.Parts).Prepend(result.Code));

    /// <summary>For programs.</summary>
    public static JsonArray ToJson(IEnumerable<RuleResult> results) => new([.. results.Select(result => new JsonObject
    {
        ["rule"] = result.Rule,
        ["verdict"] = RuleJson.VerdictWord(result.Verdict),
        ["code"] = result.Code,
        ["reason"] = result.Reason,
        ["remedy"] = result.Remedy,
        ["evidence"] = new JsonArray([.. result.Evidence.Select(evidence => new JsonObject { ["name"] = evidence.Name, ["digest"] = evidence.Digest })]),
        ["warnings"] = new JsonArray([.. result.Warnings.Select(warning => JsonValue.Create(warning))]),
        ["parts"] = ToJson(result.Parts),
    })]);

    /// <summary>For people, indented.</summary>
    public static void Write(IAnsiConsole people, IEnumerable<RuleResult> results, string indent = "  ")
    {
        foreach (var result in results)
        {
            people.WriteLine($"{indent}{result.Rule}: {RuleJson.VerdictWord(result.Verdict)} ({result.Code})", new Style(Colour(result.Verdict)));
            if (result.Parts.Count > 0)
            {
                // The parts say all of it.
                Write(people, result.Parts, $"{indent}  ");
                continue;
            }

            people.WriteLine($"{indent}  {result.Reason}");
            WriteAll(people, $"{indent}  remedy: ", result.Remedy.Length == 0 ? [] : [result.Remedy]);
            WriteAll(people, $"{indent}  evidence: ", result.Evidence.Select(evidence => $"{evidence.Name} {evidence.Digest}"));
            WriteAll(people, $"{indent}  warning: ", result.Warnings);
        }
    }

    private static void WriteAll(IAnsiConsole people, string head, IEnumerable<string> lines)
    {
        foreach (var line in lines)
        {
            people.WriteLine(head + line);
        }
    }

    private static Color Colour(RuleVerdict verdict) => verdict switch
    {
        RuleVerdict.Satisfied => Color.Green,
        RuleVerdict.Awaiting => Color.Yellow,
        _ => Color.Red,
    };
}
