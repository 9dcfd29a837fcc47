namespace BinAuthz.Cli.Approval;

/// <summary>A file of cases.</summary>
/// <param name="File">Its name, as it was given.</param>
/// <param name="Cases">In the order of the file.</param>
internal sealed record CaseFile(string File, IReadOnlyList<ApprovalCase> Cases);
