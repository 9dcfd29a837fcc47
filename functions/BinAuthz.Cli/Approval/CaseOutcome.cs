using System.Text.Json.Nodes;
using BinAuthz.Approval;

namespace BinAuthz.Cli.Approval;

/// <summary>What the policy said to a case.</summary>
/// <param name="File">The file of cases.</param>
/// <param name="Case">The case.</param>
/// <param name="Decision">What the attestor's rules said.</param>
internal sealed record CaseOutcome(string File, ApprovalCase Case, ApprovalDecision Decision)
{
    /// <summary>Expected codes that no result has.</summary>
    public IReadOnlyList<string> MissingCodes { get; } = [.. Case.Codes.Except(RuleResultOutput.Codes(Decision.Results))];

    /// <summary>The decision as a word.</summary>
    public string Actual => RuleResultOutput.Word(Decision);

    /// <summary>Whether everything is as expected.</summary>
    public bool IsOk => Actual == Case.Expected && MissingCodes.Count == 0;

    /// <summary>What differs; empty when nothing does.</summary>
    public string Difference => string.Join("; ", Differences());

    /// <summary>Weighs a case.</summary>
    /// <exception cref="ConfigurationException">One of its files cannot be read or used.</exception>
    public static CaseOutcome Of(string file, ApprovalCase wanted, DateTimeOffset now) => new(file, wanted, wanted.Policy.Evaluate(CaseFacts.Read(wanted), wanted.Now ?? now));

    /// <summary>For programs.</summary>
    public JsonObject ToJson() => new()
    {
        ["file"] = File,
        ["name"] = Case.Name,
        ["ok"] = IsOk,
        ["expected"] = Case.Expected,
        ["actual"] = Actual,
        ["missingCodes"] = new JsonArray([.. MissingCodes.Select(code => JsonValue.Create(code))]),
        ["rules"] = RuleResultOutput.ToJson(Decision.Results),
    };

    private IEnumerable<string> Differences()
    {
        if (Actual != Case.Expected)
        {
            yield return $"expected {Case.Expected}, and is {Actual}";
        }

        if (MissingCodes.Count > 0)
        {
            yield return $"no result has {string.Join(", ", MissingCodes)}";
        }
    }
}
