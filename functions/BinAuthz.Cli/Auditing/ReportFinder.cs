using BinAuthz.Auditing.Archive;

namespace BinAuthz.Cli.Auditing;

/// <summary>Finds reports by what a person calls them, and verifies them.</summary>
internal sealed class ReportFinder(IReportArchive archive, IAuditKeys keys, string environment)
{
    /// <summary>The newest report that is finished.</summary>
    public const string Latest = "latest";

    /// <summary>The report that is meant.</summary>
    /// <param name="wanted"><c>latest</c>, the time that names it such as <c>20261126T060000Z</c>, or a path that ends in it.</param>
    /// <param name="cancellationToken">Stops between two files.</param>
    /// <exception cref="CommandException">There is none.</exception>
    public async Task<VerifiedReport> FindAsync(string wanted, CancellationToken cancellationToken)
    {
        var name = wanted == Latest ? await FindLatestAsync(cancellationToken).ConfigureAwait(false) : Parse(wanted);
        var found = await new ReportVerifier(archive, keys).VerifyAsync(name, cancellationToken).ConfigureAwait(false) ?? throw NoSuch($"There is no report {name.Id} of {environment} in {archive.Place}.");
        return found.HasStatement ? found : throw NoSuch($"{archive.Place}/{name}: the run was stopped before it signed this report, so that it is none.");
    }

    private ReportName Parse(string wanted) => ReportName.TryParse(environment, wanted.TrimEnd('/').Split('/')[^1], out var name)
        ? name
        : throw NoSuch($"'{wanted}' names no report: write {Latest}, or the time that names it, such as 20261126T060000Z. `binauthz audit serve` and `binauthz audit verify-chain` list them.");

    private async Task<ReportName> FindLatestAsync(CancellationToken cancellationToken)
    {
        var names = await archive.ListAsync(ReportName.Prefix(environment), cancellationToken).ConfigureAwait(false);
        return ArchiveContents.Of(environment, names).Reports.LastOrDefault(report => report.Files.Contains(ReportName.StatementFile)).Name
            ?? throw NoSuch($"There is no report of {environment} in {archive.Place}. Make one: `binauthz audit run {environment}`.");
    }

    private static CommandException NoSuch(string message) => CommandException.Usage(message);
}
