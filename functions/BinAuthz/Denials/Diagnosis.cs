namespace BinAuthz.Denials;

/// <summary>Why it happened, and what mends it.</summary>
/// <param name="Cause">For programs.</param>
/// <param name="Detail">What was found, in one or two sentences.</param>
/// <param name="Remedy">What to do, in one or two sentences.</param>
/// <param name="Command">The command that does it, to be pasted into a shell; empty when no command does.</param>
internal sealed record Diagnosis(DiagnosisCause Cause, string Detail, string Remedy, string Command)
{
    /// <summary>The commit that the image was built from, if verified provenance tells; else empty.</summary>
    public string Commit { get; init; } = "";

    /// <summary>The machine codes of the rules that refused, for <see cref="DiagnosisCause.RejectedByApproval"/>.</summary>
    public IReadOnlyList<string> RefusalCodes { get; init; } = [];
}
