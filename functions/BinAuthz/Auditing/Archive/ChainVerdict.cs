namespace BinAuthz.Auditing.Archive;

/// <summary>What verifying a chain found.</summary>
/// <param name="Reports">Those whose statements verify, the oldest first.</param>
/// <param name="Faults">Empty: none of them was altered, and none between them removed.</param>
/// <param name="Unfinished">Folders of runs that were stopped before they signed. They are no reports.</param>
internal sealed record ChainVerdict(IReadOnlyList<SignedStatement> Reports, IReadOnlyList<ChainFault> Faults, IReadOnlyList<string> Unfinished)
{
    /// <summary>Every folder, in the order of time, without the contents of its files.</summary>
    public IReadOnlyList<VerifiedReport> Found { get; init; } = [];

    /// <summary>Whether a signature is invalid or cannot be checked.</summary>
    public bool HasInvalidSignature => Faults.Any(fault => fault.IsOfSignature);

    /// <summary>The newest report; null: there is none.</summary>
    public SignedStatement? Head => Reports.Count == 0 ? null : Reports[^1];
}
