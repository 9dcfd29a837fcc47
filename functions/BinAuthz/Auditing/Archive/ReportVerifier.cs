using BinAuthz.Auditing.Reports;

namespace BinAuthz.Auditing.Archive;

/// <summary>Verifies one report: its statement's signature, and each file against it.</summary>
internal sealed class ReportVerifier(IReportArchive archive, IAuditKeys keys)
{
    private readonly StatementVerifier statements = new(keys);

    /// <summary>Verifies a report by its name.</summary>
    /// <returns>Null: there is nothing of that name.</returns>
    public async Task<VerifiedReport?> VerifyAsync(ReportName name, CancellationToken cancellationToken)
    {
        var names = await archive.ListAsync(name.Folder + "/", cancellationToken).ConfigureAwait(false);
        return names.Count == 0 ? null : await VerifyAsync(name, [.. names.Select(each => each[(name.Folder.Length + 1)..])], cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Verifies a report that has these files.</summary>
    public async Task<VerifiedReport> VerifyAsync(ReportName name, IReadOnlyList<string> files, CancellationToken cancellationToken)
    {
        if (!files.Contains(ReportName.StatementFile) || await archive.FindAsync(name.Statement, cancellationToken).ConfigureAwait(false) is not { } stored)
        {
            return new VerifiedReport(name, HasStatement: false, null, null, []);
        }

        var (signed, fault) = await statements.VerifyAsync(name, stored, cancellationToken).ConfigureAwait(false);
        if (signed is null)
        {
            return new VerifiedReport(name, HasStatement: true, null, null, [fault!]);
        }

        var (faults, genuine) = (new List<ChainFault>(), new Dictionary<string, byte[]>(StringComparer.Ordinal));
        foreach (var subject in signed.Statement.Subjects)
        {
            var content = files.Contains(subject.Name) ? await archive.FindAsync(name.File(subject.Name), cancellationToken).ConfigureAwait(false) : null;
            if (content is not null && ReportStatement.Sha256Of(content) == subject.Sha256)
            {
                genuine[subject.Name] = content;
            }
            else
            {
                faults.Add(content is null
                    ? new ChainFault(ChainFaultKind.FileMissing, name.File(subject.Name), "The statement signs it, and it is not there.")
                    : new ChainFault(ChainFaultKind.FileAltered, name.File(subject.Name), $"The statement signs sha256:{subject.Sha256}, and it is {ReportStatement.DigestOf(content)}."));
            }
        }

        var covered = signed.Statement.Subjects.Select(subject => subject.Name).Append(ReportName.StatementFile).Append(ReportName.ToldFile).ToHashSet(StringComparer.Ordinal);
        faults.AddRange(files.Where(file => !covered.Contains(file) && !file.StartsWith(ReportName.PartsFolder, StringComparison.Ordinal)).Select(file => new ChainFault(ChainFaultKind.FileUnknown, name.File(file), "The statement does not sign it: it was put there later.")));
        return new VerifiedReport(name, HasStatement: true, signed, ReportOf(signed, genuine, faults), faults) { Files = genuine };
    }

    private static AuditReport? ReportOf(SignedStatement signed, Dictionary<string, byte[]> genuine, List<ChainFault> faults)
    {
        var (statement, file) = (signed.Statement, signed.Name.File(ReportFiles.Json));
        if (!genuine.TryGetValue(ReportFiles.Json, out var json))
        {
            if (!statement.Subjects.Any(subject => subject.Name == ReportFiles.Json))
            {
                faults.Add(new ChainFault(ChainFaultKind.StatementContradicted, signed.Name.Statement, $"It does not sign {ReportFiles.Json}, which is the report."));
            }

            return null;
        }

        try
        {
            var report = AuditReportJson.Read(json);
            if (report.Environment == statement.Environment && report.Project == statement.Project && report.Time == statement.Time)
            {
                return report;
            }

            faults.Add(new ChainFault(ChainFaultKind.StatementContradicted, file, $"It says {report.Environment} of {report.Project} at {Rfc3339.Write(report.Time)}, and its statement {statement.Environment} of {statement.Project} at {Rfc3339.Write(statement.Time)}."));
        }
        catch (FormatException error)
        {
            faults.Add(new ChainFault(ChainFaultKind.StatementContradicted, file, $"It is signed, and no report: {error.Message}."));
        }

        return null;
    }
}
