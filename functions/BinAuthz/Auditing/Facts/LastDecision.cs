namespace BinAuthz.Auditing.Facts;

/// <summary>The latest refusal that the signer recorded of an image.</summary>
/// <param name="Outcome">Such as <c>not_ready</c> or <c>rejected</c>.</param>
/// <param name="Time">When, UTC.</param>
/// <param name="Detail">In words.</param>
/// <param name="Record">The object that says so, <c>gs://…</c>.</param>
internal sealed record LastDecision(string Outcome, DateTimeOffset Time, string Detail, string Record);
