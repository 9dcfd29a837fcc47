namespace BinAuthz.Auditing.Reports;

/// <summary>The report before, as the chain names it.</summary>
/// <param name="Name">Of its signed statement, such as <c>audits/production/20261126T060000Z/statement.dsse.json</c>.</param>
/// <param name="Digest"><c>sha256:…</c> of that statement's bytes.</param>
/// <param name="Sequence">Its number; the first report has 1.</param>
internal sealed record PreviousReport(string Name, string Digest, long Sequence)
{
    /// <summary>The folder of the report, such as <c>audits/production/20261126T060000Z</c>.</summary>
    public string Folder => Name[..Math.Max(Name.LastIndexOf('/'), 0)];
}
