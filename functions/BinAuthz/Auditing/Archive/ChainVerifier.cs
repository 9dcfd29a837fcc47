namespace BinAuthz.Auditing.Archive;

/// <summary>
/// Proves that no report of an environment was altered, and none between two others removed. Whether the newest were removed cannot be
/// told from an archive alone: that takes <see cref="ExpectedHead"/>. Nothing is written.
/// </summary>
internal sealed class ChainVerifier(IReportArchive archive, IAuditKeys keys)
{
    private const int AtATime = 16;

    private readonly ReportVerifier reports = new(archive, keys);

    /// <summary>Verifies every report and their chain.</summary>
    /// <param name="environment">Whose.</param>
    /// <param name="expected">What is known from elsewhere; null: nothing.</param>
    /// <param name="cancellationToken">Stops between two files.</param>
    public async Task<ChainVerdict> VerifyAsync(string environment, ExpectedHead? expected, CancellationToken cancellationToken)
    {
        var names = await archive.ListAsync(ReportName.Prefix(environment), cancellationToken).ConfigureAwait(false);
        var contents = ArchiveContents.Of(environment, names);
        var faults = new List<ChainFault>(contents.Unknown.Select(name => new ChainFault(ChainFaultKind.FileUnknown, name, "Nothing here writes such a file, and no report signs it.")));
        var marks = new Dictionary<long, ReportName>();
        foreach (var (sequence, mark) in contents.Marks)
        {
            var marked = await archive.FindAsync(mark, cancellationToken).ConfigureAwait(false) is { } text ? ChainMark.Read(text) : null;
            if (marked is null || marked.Environment != environment)
            {
                faults.Add(new ChainFault(ChainFaultKind.MarkWrong, mark, "It names no report of this environment."));
            }
            else
            {
                marks.Add(sequence, marked);
            }
        }

        var found = new VerifiedReport[contents.Reports.Count];
        await Parallel.ForAsync(0, found.Length, new ParallelOptions { MaxDegreeOfParallelism = AtATime, CancellationToken = cancellationToken }, async (index, stop) =>
        {
            var (name, files) = contents.Reports[index];

            // Of years of reports, the files are not all kept in memory.
            found[index] = await reports.VerifyAsync(name, files, stop).ConfigureAwait(false) with { Files = new Dictionary<string, byte[]>() };
        }).ConfigureAwait(false);
        faults.AddRange(found.SelectMany(report => report.Faults));
        var chain = ChainLinks.Judge(environment, found, marks, expected);
        return chain with { Faults = [.. faults, .. chain.Faults], Found = found };
    }
}
