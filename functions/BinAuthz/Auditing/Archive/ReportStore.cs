using BinAuthz.Auditing.Reports;
using BinAuthz.GoogleCloud;
using BinAuthz.Keys;

namespace BinAuthz.Auditing.Archive;

/// <summary>
/// Keeps reports in a chain. Everything is created, nothing changed, in this order: the report itself, the mark of its place, the other
/// files, the signed statement. A run that was stopped anywhere goes on when it is repeated, or is finished by the next one; two runs at a
/// time end in one chain. Whoever may create objects below <c>audits/</c> is trusted not to plant a report: let that be the auditor alone.
/// </summary>
/// <param name="archive">Where.</param>
/// <param name="sign">Signs a statement; the envelope to store.</param>
/// <param name="keys">Verifies what is there already.</param>
internal sealed class ReportStore(IReportArchive archive, Func<ReportStatement, CancellationToken, Task<byte[]>> sign, IAuditKeys keys)
{
    private readonly StatementVerifier verifier = new(keys);

    /// <summary>Keeps reports that a Cloud KMS key signs.</summary>
    public static ReportStore Of(IReportArchive archive, KeyManagementClient kms, KeyName auditKey)
    {
        var signer = new ReportSigner(archive, kms, auditKey);
        return new ReportStore(archive, signer.SignAsync, new KmsAuditKeys(kms, auditKey));
    }

    /// <summary>Stores a report. One of that time that is there already, finished or not, is the one that counts.</summary>
    /// <returns>What is kept; null: a later report is in the chain already, and this one has no place in it any more.</returns>
    /// <exception cref="GoogleCallException">Bucket or key refused, or did not answer.</exception>
    /// <exception cref="AuditException">What is kept is not as it must be.</exception>
    public async Task<PreviousAudit?> StoreAsync(AuditReport report, CancellationToken cancellationToken)
    {
        var name = ReportName.Of(report);
        if (await FindAsync(name, cancellationToken).ConfigureAwait(false) is { } kept)
        {
            return kept;
        }

        var head = await HeadAsync(name.Environment, cancellationToken).ConfigureAwait(false);
        if (head is null || head.Name.Time < name.Time)
        {
            // The report comes before its place: whoever finds the place taken can finish what took it.
            await archive.CreateAsync(name.File(ReportFiles.Json), AuditReportJson.Write(report), "application/json", cancellationToken).ConfigureAwait(false);
        }

        while (head is null || head.Name.Time < name.Time)
        {
            var sequence = (head?.Statement.Sequence ?? 0) + 1;
            if (await archive.CreateAsync(ChainMark.Name(name.Environment, sequence), ChainMark.Write(name), "text/plain", cancellationToken).ConfigureAwait(false))
            {
                head = await FinishAsync(name, sequence, head?.Link, cancellationToken).ConfigureAwait(false);
                break;
            }

            head = await HeadAsync(name.Environment, cancellationToken).ConfigureAwait(false);
        }

        return head?.Name == name ? await FindAsync(name, cancellationToken).ConfigureAwait(false) : null;
    }

    /// <summary>The newest report that is finished, verified; null: there is none.</summary>
    /// <exception cref="AuditException">It does not verify.</exception>
    public async Task<PreviousAudit?> FindLatestAsync(string environment, CancellationToken cancellationToken)
    {
        var marks = await MarksAsync(environment, cancellationToken).ConfigureAwait(false);
        for (var sequence = marks; sequence > 0; sequence--)
        {
            if (await FindAsync(await MarkedAsync(environment, sequence, cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false) is { } report)
            {
                return report;
            }
        }

        return null;
    }

    /// <summary>A report, verified; null: there is none of that name, or it is not finished.</summary>
    /// <exception cref="AuditException">It does not verify.</exception>
    public async Task<PreviousAudit?> FindAsync(ReportName name, CancellationToken cancellationToken)
    {
        if (await StatementAsync(name, cancellationToken).ConfigureAwait(false) is not { } signed)
        {
            return null;
        }

        var json = await archive.FindAsync(name.File(ReportFiles.Json), cancellationToken).ConfigureAwait(false);
        if (json is null || !signed.Statement.Subjects.Contains(new StatementSubject(ReportFiles.Json, ReportStatement.Sha256Of(json))))
        {
            throw Broken(name.File(ReportFiles.Json), json is null ? "It is not there any more." : "It is not what the statement signs.");
        }

        return new PreviousAudit(signed.Link, Read(name, json));
    }

    /// <summary>Where the chain ends, once whatever took the last place is finished.</summary>
    private async Task<SignedStatement?> HeadAsync(string environment, CancellationToken cancellationToken)
    {
        var last = await MarksAsync(environment, cancellationToken).ConfigureAwait(false);
        if (last == 0)
        {
            return null;
        }

        var name = await MarkedAsync(environment, last, cancellationToken).ConfigureAwait(false);
        if (await StatementAsync(name, cancellationToken).ConfigureAwait(false) is { } finished)
        {
            return finished.Statement.Sequence == last ? finished : throw Broken(name.Statement, $"Its sequence is {finished.Statement.Sequence}, and it is marked as {last}.");
        }

        // The place before was finished before this one was taken.
        var before = last == 1 ? null : await MarkedAsync(environment, last - 1, cancellationToken).ConfigureAwait(false);
        var previous = before is null ? null : await StatementAsync(before, cancellationToken).ConfigureAwait(false) ?? throw Broken(before.Statement, "It is not there any more.");
        return await FinishAsync(name, last, previous?.Link, cancellationToken).ConfigureAwait(false);
    }

    private async Task<SignedStatement> FinishAsync(ReportName name, long sequence, PreviousReport? previous, CancellationToken cancellationToken)
    {
        var json = await archive.FindAsync(name.File(ReportFiles.Json), cancellationToken).ConfigureAwait(false) ?? throw Broken(name.File(ReportFiles.Json), "It has a place in the chain, and is not there any more.");
        var report = Read(name, json);
        var subjects = new List<StatementSubject> { new(ReportFiles.Json, ReportStatement.Sha256Of(json)) };
        foreach (var file in ReportFiles.All.Where(file => file.Name != ReportFiles.Json))
        {
            // What the report gives is signed, not what may have been put there: then it does not verify.
            var content = file.Write(report);
            await archive.CreateAsync(name.File(file.Name), content, file.ContentType, cancellationToken).ConfigureAwait(false);
            subjects.Add(new StatementSubject(file.Name, ReportStatement.Sha256Of(content)));
        }

        var statement = new ReportStatement(report.Environment, report.Project, report.Time, sequence, previous, [.. subjects.OrderBy(subject => subject.Name, StringComparer.Ordinal)]);
        var envelope = await sign(statement, cancellationToken).ConfigureAwait(false);
        await archive.CreateAsync(name.Statement, envelope, "application/vnd.dsse.envelope.v1+json", cancellationToken).ConfigureAwait(false);

        // Another run may have been first, and then its signature is the one that counts.
        return await StatementAsync(name, cancellationToken).ConfigureAwait(false) ?? throw Broken(name.Statement, "It was stored just now, and is not there any more.");
    }

    private async Task<SignedStatement?> StatementAsync(ReportName name, CancellationToken cancellationToken)
    {
        if (await archive.FindAsync(name.Statement, cancellationToken).ConfigureAwait(false) is not { } stored)
        {
            return null;
        }

        var (statement, fault) = await verifier.VerifyAsync(name, stored, cancellationToken).ConfigureAwait(false);
        return statement ?? throw Broken(fault!.Name, fault.Detail);
    }

    private async Task<long> MarksAsync(string environment, CancellationToken cancellationToken)
    {
        var marks = await archive.ListAsync(ChainMark.Prefix(environment), cancellationToken).ConfigureAwait(false);
        return marks.Max(mark => ChainMark.Sequence(environment, mark)) ?? 0;
    }

    private async Task<ReportName> MarkedAsync(string environment, long sequence, CancellationToken cancellationToken)
    {
        var name = ChainMark.Name(environment, sequence);
        var mark = await archive.FindAsync(name, cancellationToken).ConfigureAwait(false) ?? throw Broken(name, "The mark of that place in the chain is missing.");
        return ChainMark.Read(mark) is { } marked && marked.Environment == environment ? marked : throw Broken(name, "It names no report of this environment.");
    }

    private AuditReport Read(ReportName name, byte[] json)
    {
        try
        {
            var report = AuditReportJson.Read(json);
            return ReportName.Of(report) == name ? report : throw new FormatException($"it is the report of {ReportName.Of(report)}");
        }
        catch (Exception error) when (error is FormatException or ArgumentException)
        {
            throw Broken(name.File(ReportFiles.Json), $"It is no report of that time: {error.Message}.", error);
        }
    }

    private AuditException Broken(string name, string detail, Exception? inner = null) =>
        new($"{archive.Place}/{name}: {detail} No report is added to a chain that is not whole. `binauthz audit verify-chain` names everything that is wrong with it; find out who changed it.", inner);
}
