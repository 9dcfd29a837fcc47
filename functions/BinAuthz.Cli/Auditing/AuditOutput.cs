using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using BinAuthz.Auditing;
using BinAuthz.Auditing.Archive;
using BinAuthz.Auditing.Reports;
using BinAuthz.Cli.Output;
using Spectre.Console;

namespace BinAuthz.Cli.Auditing;

/// <summary>Reports, what is wrong with them, and what differs between two: for people and programs.</summary>
internal static class AuditOutput
{
    /// <summary>What audits can be written as.</summary>
    public static IReadOnlyList<OutputFormat> Formats { get; } = [OutputFormat.Text, OutputFormat.Json, OutputFormat.Sarif, OutputFormat.Csv, OutputFormat.Html];

    /// <summary>The file of a report that has a format; null: text is no file.</summary>
    public static string? FileOf(OutputFormat format) => format switch
    {
        OutputFormat.Json => ReportFiles.Json,
        OutputFormat.Sarif => "report.sarif",
        OutputFormat.Csv => "findings.csv",
        OutputFormat.Html => "report.html",
        _ => null,
    };

    /// <summary>Writes a report in the format that was asked for.</summary>
    /// <param name="output">Where.</param>
    /// <param name="report">What it says.</param>
    /// <param name="file">The bytes of one of its files.</param>
    public static void Write(CommandOutput output, AuditReport report, Func<string, byte[]> file)
    {
        switch (FileOf(output.Format))
        {
            case null:
                Write(output.People, report);
                break;
            case ReportFiles.Json:
                output.Document(JsonNode.Parse(file(ReportFiles.Json))!);
                break;
            case { } name:
                output.File(file(name));
                break;
        }
    }

    /// <summary>What an audit's exit code is: everything was assessed, and nothing found is as bad as that.</summary>
    public static int Judge(AuditReport report, AuditSeverity failOn) =>
        report.IsComplete && (report.Worst is null || report.Worst < failOn) ? ExitCode.Ok : ExitCode.Refused;

    /// <summary>The exit code for what is wrong with reports.</summary>
    public static int Judge(IReadOnlyList<ChainFault> faults) =>
        faults.Count == 0 ? ExitCode.Ok : faults.Any(fault => fault.IsOfSignature) ? ExitCode.InvalidSignature : ExitCode.Refused;

    /// <summary>What is wrong with reports, for people.</summary>
    public static void Write(IAnsiConsole people, IReadOnlyList<ChainFault> faults)
    {
        foreach (var fault in faults)
        {
            people.WriteLine(Visible($"{fault.Kind}: {fault.Name}"), new Style(Color.Red));
            people.WriteLine(Visible($"  {fault.Detail}"));
        }
    }

    /// <summary>What is wrong with reports, for programs.</summary>
    public static JsonArray ToJson(IReadOnlyList<ChainFault> faults) =>
        new([.. faults.Select(fault => new JsonObject { ["kind"] = char.ToLowerInvariant(fault.Kind.ToString()[0]) + fault.Kind.ToString()[1..], ["name"] = fault.Name, ["detail"] = fault.Detail })]);

    /// <summary>A finding, for programs.</summary>
    public static JsonObject ToJson(AuditFinding finding) => new()
    {
        ["rule"] = finding.Rule,
        ["severity"] = ReportWords.Of(finding.Severity),
        ["resource"] = finding.Resource,
        ["detail"] = finding.Detail,
        ["remedy"] = finding.Remedy,
        ["fingerprint"] = finding.Fingerprint,
    };

    /// <summary>A finding, for people.</summary>
    public static void Write(IAnsiConsole people, string word, AuditFinding finding)
    {
        var colour = finding.Severity >= AuditSeverity.High ? Color.Red : finding.Severity >= AuditSeverity.Low ? Color.Yellow : Color.Grey;
        people.WriteLine(Visible($"{word}{ReportWords.Of(finding.Severity)} {finding.Rule} {finding.Resource}"), new Style(colour));
        people.WriteLine(Visible($"  {finding.Detail}"));
        people.WriteLine(Visible($"  remedy: {finding.Remedy}"));
    }

    private static void Write(IAnsiConsole people, AuditReport report)
    {
        foreach (var finding in report.Findings)
        {
            Write(people, "", finding);
        }

        foreach (var rule in report.Rules.Where(rule => rule.Status == RuleStatus.NotAssessed))
        {
            people.WriteLine(Visible($"not assessed {rule.Id} {rule.Title}"), new Style(Color.Yellow));
            people.WriteLine(Visible($"  {rule.Reason}"));
        }

        var counts = report.Findings.CountBy(finding => finding.Severity).OrderByDescending(count => count.Key).Select(count => $"{count.Value} {ReportWords.Of(count.Key)}").ToArray();
        var coverage = report.Coverage is { } known ? string.Create(CultureInfo.InvariantCulture, $"{known.Percent:0.##} % of images covered") : "coverage is not known";
        people.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{report.Environment} of {report.Project} at {Rfc3339.Write(report.Time)}: {(counts.Length == 0 ? "no finding" : "findings: " + string.Join(", ", counts))}; {report.Rules.Count(rule => rule.Status == RuleStatus.NotAssessed)} of {report.Rules.Count} rules not assessed; {coverage}"));
    }

    /// <summary>Text from outside on a terminal: what could steer it is spelled out.</summary>
    private static string Visible(string text)
    {
        if (!text.Any(char.IsControl))
        {
            return text;
        }

        var visible = new StringBuilder(text.Length + 16);
        foreach (var character in text)
        {
            visible.Append(char.IsControl(character) ? string.Create(CultureInfo.InvariantCulture, $"\\u{{{(int)character:X4}}}") : character.ToString());
        }

        return visible.ToString();
    }
}
