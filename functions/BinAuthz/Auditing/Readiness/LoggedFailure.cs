namespace BinAuthz.Auditing.Readiness;

/// <summary>A failure of one of our functions.</summary>
/// <param name="Time">When, UTC.</param>
/// <param name="Service">The name of the Cloud Run service; empty: the entry does not tell.</param>
/// <param name="Message">In its words.</param>
internal sealed record LoggedFailure(DateTimeOffset Time, string Service, string Message);
