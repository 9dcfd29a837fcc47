using BinAuthz.Auditing.Reports;

namespace BinAuthz.Auditing.Archive;

/// <summary>A statement whose signature was verified.</summary>
/// <param name="Statement">What was signed.</param>
/// <param name="Digest"><c>sha256:…</c> of the stored bytes, signature included.</param>
/// <param name="KeyId">Who signed it.</param>
internal sealed record SignedStatement(ReportStatement Statement, string Digest, string KeyId)
{
    /// <summary>Its folder.</summary>
    public ReportName Name => new(Statement.Environment, Statement.Time);

    /// <summary>As the next report names it.</summary>
    public PreviousReport Link => new(Name.Statement, Digest, Statement.Sequence);
}
