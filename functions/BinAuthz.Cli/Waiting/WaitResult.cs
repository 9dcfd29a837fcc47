namespace BinAuthz.Cli.Waiting;

/// <summary>How a wait ended.</summary>
/// <param name="Verdict">In a word.</param>
/// <param name="Looks">The last look at every attestor.</param>
/// <param name="Waited">How long it took.</param>
internal sealed record WaitResult(WaitVerdict Verdict, IReadOnlyList<AttestorLook> Looks, TimeSpan Waited);
