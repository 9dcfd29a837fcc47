using System.CommandLine;
using BinAuthz.Auditing.Archive;
using BinAuthz.Cli.Auditing;
using BinAuthz.Cli.Output;

namespace BinAuthz.Cli.Commands;

/// <summary>Prints a report that is kept, once it is verified.</summary>
internal sealed class AuditShowCommand : CliCommand
{
    private readonly Argument<string> report = new("report") { Description = "The time that names it, such as 20261126T060000Z, or latest.", DefaultValueFactory = _ => ReportFinder.Latest };
    private readonly AuditArchiveOptions archive = new();

    public AuditShowCommand()
        : base(
            "show",
            "Prints a report as it is kept, after its signature and files were verified. Exit code 1: a file is not what was signed; 4: the signature is invalid. Whether reports were removed is for verify-chain.",
            "binauthz audit show --project acme-prod",
            "binauthz audit show 20261126T060000Z --project acme-prod --format html > report.html",
            "binauthz audit show latest --data ./evidence --public-key audit-key-1.pem")
    {
        Add(report);
        archive.AddTo(this);
    }

    protected override IReadOnlyList<OutputFormat> Formats => AuditOutput.Formats;

    protected override async Task<int> RunAsync(ParseResult arguments, CommandOutput output, CancellationToken cancellationToken)
    {
        var services = archive.Connect(arguments);
        await using (services.ConfigureAwait(false))
        {
            var place = archive.Archive(arguments, services);
            var finder = new ReportFinder(place, archive.Keys(arguments, services), archive.Environment(arguments).Name);
            var found = await finder.FindAsync(arguments.GetRequiredValue(report), cancellationToken).ConfigureAwait(false);
            if (found.Faults.Count > 0 || found.Report is null)
            {
                throw Unproven(place, found);
            }

            output.Progress($"{place.Place}/{found.Name}: report {found.Statement!.Statement.Sequence}, signed by {found.Statement.KeyId}, {found.Statement.Digest}");
            AuditOutput.Write(output, found.Report, name => found.Files.TryGetValue(name, out var bytes) ? bytes : throw CommandException.Usage($"This report has no {name}."));
            return ExitCode.Ok;
        }
    }

    /// <summary>Why a report is not shown: nobody can tell whose word it is.</summary>
    internal static CommandException Unproven(IReportArchive place, VerifiedReport found) => new(
        found.Faults.Count == 0 ? ExitCode.Refused : AuditOutput.Judge(found.Faults),
        string.Join('\n', found.Faults.Select(fault => $"{place.Place}/{fault.Name}: {fault.Kind}: {fault.Detail}")));
}
