using System.CommandLine;
using System.Text.Json.Nodes;
using BinAuthz.Auditing;
using BinAuthz.Auditing.Archive;
using BinAuthz.Auditing.Reports;
using BinAuthz.Cli.Auditing;
using BinAuthz.Cli.Output;
using Spectre.Console;

namespace BinAuthz.Cli.Commands;

/// <summary>Tells what differs between two reports.</summary>
internal sealed class AuditDiffCommand : CliCommand
{
    private readonly Argument<string> before = new("before") { Description = "The earlier report: the time that names it, such as 20261125T060000Z." };
    private readonly Argument<string> now = new("now") { Description = "The later report, or latest.", DefaultValueFactory = _ => ReportFinder.Latest };
    private readonly SeverityOption failOn = new();
    private readonly AuditArchiveOptions archive = new();

    public AuditDiffCommand()
        : base(
            "diff",
            "Tells which findings of two reports are new, resolved or changed; both are verified first. Exit code 1: one at or above --fail-on is new or became that bad, or the later report could not look again.",
            "binauthz audit diff 20261125T060000Z 20261126T060000Z --project acme-prod",
            "binauthz audit diff 20261125T060000Z latest --project acme-prod --fail-on note --format json")
    {
        Add(before);
        Add(now);
        Add(failOn);
        archive.AddTo(this);
    }

    protected override async Task<int> RunAsync(ParseResult arguments, CommandOutput output, CancellationToken cancellationToken)
    {
        var services = archive.Connect(arguments);
        await using (services.ConfigureAwait(false))
        {
            var place = archive.Archive(arguments, services);
            var finder = new ReportFinder(place, archive.Keys(arguments, services), archive.Environment(arguments).Name);
            var (earlier, later) = (await ReadAsync(arguments.GetRequiredValue(before)).ConfigureAwait(false), await ReadAsync(arguments.GetRequiredValue(now)).ConfigureAwait(false));
            if (earlier.Time >= later.Time)
            {
                throw CommandException.Usage($"The earlier report comes first: {ReportName.Of(earlier).Id} is not before {ReportName.Of(later).Id}.");
            }

            var diff = ReportDiff.Of(earlier, later);
            output.Result(Document(earlier, later, diff), people => Write(people, diff));
            return Judge(diff, failOn.Read(arguments));

            async Task<AuditReport> ReadAsync(string wanted)
            {
                var found = await finder.FindAsync(wanted, cancellationToken).ConfigureAwait(false);
                return found.Faults.Count == 0 && found.Report is { } report ? report : throw AuditShowCommand.Unproven(place, found);
            }
        }
    }

    private static int Judge(ReportDiff diff, AuditSeverity failOn) =>
        diff.New.Concat(diff.Unknown).Any(finding => finding.Severity >= failOn) || diff.Changed.Any(each => each.Now.Severity >= failOn && each.Before.Severity < each.Now.Severity)
            ? ExitCode.Refused
            : ExitCode.Ok;

    private static JsonObject Document(AuditReport earlier, AuditReport later, ReportDiff diff) => new()
    {
        ["before"] = ReportName.Of(earlier).Id,
        ["now"] = ReportName.Of(later).Id,
        ["new"] = new JsonArray([.. diff.New.Select(AuditOutput.ToJson)]),
        ["resolved"] = new JsonArray([.. diff.Resolved.Select(AuditOutput.ToJson)]),
        ["changed"] = new JsonArray([.. diff.Changed.Select(each => new JsonObject { ["before"] = AuditOutput.ToJson(each.Before), ["now"] = AuditOutput.ToJson(each.Now) })]),
        ["unknown"] = new JsonArray([.. diff.Unknown.Select(AuditOutput.ToJson)]),
        ["unchanged"] = diff.Unchanged,
    };

    private static void Write(IAnsiConsole people, ReportDiff diff)
    {
        foreach (var (word, findings) in new[] { ("new: ", diff.New), ("resolved: ", diff.Resolved), ("not looked at again: ", diff.Unknown) })
        {
            foreach (var finding in findings)
            {
                AuditOutput.Write(people, word, finding);
            }
        }

        foreach (var (earlier, later) in diff.Changed)
        {
            AuditOutput.Write(people, $"changed from {ReportWords.Of(earlier.Severity)}: ", later);
        }

        people.WriteLine($"{diff.New.Count} new, {diff.Resolved.Count} resolved, {diff.Changed.Count} changed, {diff.Unknown.Count} not looked at again, {diff.Unchanged} unchanged.");
    }
}
