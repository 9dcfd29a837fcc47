using BinAuthz.Auditing.Reports;

namespace BinAuthz.Auditing.Archive;

/// <summary>What verifying one report's folder found.</summary>
/// <param name="Name">The folder.</param>
/// <param name="HasStatement">Whether there is a statement, whatever it is worth.</param>
/// <param name="Statement">The statement; null: there is none, or it does not verify.</param>
/// <param name="Report">What the report says; null: it is not what the statement signs.</param>
/// <param name="Faults">What is wrong with the folder by itself.</param>
internal sealed record VerifiedReport(ReportName Name, bool HasStatement, SignedStatement? Statement, AuditReport? Report, IReadOnlyList<ChainFault> Faults)
{
    /// <summary>The files that are what the statement signs, by name.</summary>
    public IReadOnlyDictionary<string, byte[]> Files { get; init; } = new Dictionary<string, byte[]>();
}
