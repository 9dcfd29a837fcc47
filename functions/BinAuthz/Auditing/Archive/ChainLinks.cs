using BinAuthz.Auditing.Reports;

namespace BinAuthz.Auditing.Archive;

/// <summary>Judges how reports hang together: their numbers, the digests they name, their times, the marks of their places.</summary>
internal sealed class ChainLinks
{
    private readonly string environment;
    private readonly IReadOnlyList<VerifiedReport> found;
    private readonly IReadOnlyDictionary<long, ReportName> marks;
    private readonly VerifiedReport[] chain;
    private readonly List<ChainFault> faults = [];

    private ChainLinks(string environment, IReadOnlyList<VerifiedReport> found, IReadOnlyDictionary<long, ReportName> marks)
    {
        (this.environment, this.found, this.marks) = (environment, found, marks);
        chain = [.. found.Where(report => report.Statement is not null).OrderBy(report => report.Statement!.Statement.Sequence).ThenBy(report => report.Name.Time)];
    }

    /// <summary>Judges.</summary>
    /// <param name="environment">Whose chain.</param>
    /// <param name="found">Every folder.</param>
    /// <param name="marks">Which report each place is marked for.</param>
    /// <param name="expected">What is known from elsewhere; null: nothing.</param>
    public static ChainVerdict Judge(string environment, IReadOnlyList<VerifiedReport> found, IReadOnlyDictionary<long, ReportName> marks, ExpectedHead? expected)
    {
        var links = new ChainLinks(environment, found, marks);
        links.JudgePlaces();
        foreach (var (earlier, later) in links.chain.Zip(links.chain.Skip(1)))
        {
            links.JudgePair(earlier, later);
        }

        links.JudgeReferences();
        links.JudgeHead(expected);
        return new ChainVerdict([.. links.chain.Select(report => report.Statement!)], links.faults, links.Unsigned());
    }

    private static long SequenceOf(VerifiedReport report) => report.Statement!.Statement.Sequence;

    /// <summary>Each place, from the first to the last that anything tells of, is one report's and marked for it.</summary>
    private void JudgePlaces()
    {
        var last = Math.Max(chain.Select(SequenceOf).DefaultIfEmpty().Max(), marks.Keys.DefaultIfEmpty().Max());
        var places = chain.ToLookup(SequenceOf);
        for (var sequence = 1L; sequence <= last; sequence++)
        {
            VerifiedReport[] here = [.. places[sequence]];
            var marked = marks.GetValueOrDefault(sequence);
            if (here.Length == 0)
            {
                JudgeEmpty(sequence, marked);
            }
            else if (here.Length > 1)
            {
                faults.Add(new ChainFault(ChainFaultKind.Fork, ChainMark.Name(environment, sequence), $"{string.Join(" and ", here.Select(report => report.Name))} both say that they are report {sequence}."));
            }
            else if (marked != here[0].Name)
            {
                faults.Add(new ChainFault(ChainFaultKind.MarkWrong, ChainMark.Name(environment, sequence), marked is null ? $"It is missing: the place is that of {here[0].Name}." : $"It names {marked}, and the place is that of {here[0].Name}."));
            }
        }

        if (found.Count == 0 && last == 0)
        {
            faults.Add(new ChainFault(ChainFaultKind.NoReport, ReportName.Prefix(environment), "There is no report."));
        }
    }

    private void JudgeEmpty(long sequence, ReportName? marked)
    {
        var folder = found.FirstOrDefault(report => report.Name == marked);
        if (folder is { HasStatement: true })
        {
            // What is wrong with its statement is told already.
            return;
        }

        var isLast = sequence == marks.Keys.DefaultIfEmpty().Max() && chain.All(report => SequenceOf(report) < sequence);
        if (folder is null)
        {
            faults.Add(new ChainFault(ChainFaultKind.ReportRemoved, marked?.Folder ?? ChainMark.Name(environment, sequence), $"Report {sequence} was there, and is not any more."));
        }
        else if (!isLast)
        {
            faults.Add(new ChainFault(ChainFaultKind.StatementMissing, folder.Name.Statement, $"It was report {sequence}, and its statement is not there any more."));
        }
    }

    private void JudgePair(VerifiedReport earlier, VerifiedReport later)
    {
        var (before, statement) = (earlier.Statement!, later.Statement!.Statement);
        if (SequenceOf(later) == SequenceOf(earlier) + 1 && statement.Previous is { } previous && (previous.Digest != before.Digest || previous.Name != before.Name.Statement))
        {
            // Of two that claim one place, the other may be the one that is meant.
            if (chain.Count(report => SequenceOf(report) == SequenceOf(earlier)) == 1)
            {
                faults.Add(new ChainFault(ChainFaultKind.PreviousMismatch, later.Name.Statement, $"It names {previous.Name} with {previous.Digest} as the report before, and that is {before.Name.Statement} with {before.Digest}."));
            }
        }

        if (later.Name.Time <= earlier.Name.Time)
        {
            faults.Add(new ChainFault(ChainFaultKind.TimesReordered, later.Name.Folder, $"It comes after {earlier.Name} in the chain, and is older."));
        }
    }

    /// <summary>A report says which one it was compared with; of two runs at a time, that is not always the one right before it in the chain.</summary>
    private void JudgeReferences()
    {
        var mismatched = faults.Where(fault => fault.Kind == ChainFaultKind.PreviousMismatch).Select(fault => fault.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var report in chain.Where(report => report.Report?.Previous is not null && !mismatched.Contains(report.Name.Statement)))
        {
            var previous = report.Report!.Previous!;
            var known = found.FirstOrDefault(each => each.Name.Statement == previous.Name);
            if (previous.Sequence >= SequenceOf(report) || (known?.Statement is { } signed && signed.Link != previous))
            {
                faults.Add(new ChainFault(ChainFaultKind.StatementContradicted, report.Name.File(ReportFiles.Json), $"It says that {previous.Name} with {previous.Digest} was report {previous.Sequence} and before it, which the chain does not say."));
            }
        }
    }

    private void JudgeHead(ExpectedHead? expected)
    {
        if (expected?.Digest is { } digest && chain.All(report => report.Statement!.Digest != digest))
        {
            faults.Add(new ChainFault(ChainFaultKind.HeadMissing, ReportName.Prefix(environment), $"No report has the statement {digest}: it was removed or altered after it was told of."));
        }

        if (expected?.Sequence is { } sequence && chain.All(report => SequenceOf(report) < sequence))
        {
            faults.Add(new ChainFault(ChainFaultKind.HeadMissing, ReportName.Prefix(environment), $"There is no report {sequence}: the newest is {(chain.Length == 0 ? 0 : SequenceOf(chain[^1]))}."));
        }
    }

    private string[] Unsigned()
    {
        var missing = faults.Where(fault => fault.Kind == ChainFaultKind.StatementMissing).Select(fault => fault.Name).ToHashSet(StringComparer.Ordinal);
        return [.. found.Where(report => !report.HasStatement && !missing.Contains(report.Name.Statement)).Select(report => report.Name.Folder)];
    }
}
