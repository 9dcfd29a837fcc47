using BinAuthz.Keys;

namespace BinAuthz.Rotation;

/// <summary>Asks to take a version's trust away at once.</summary>
/// <param name="Version">The version.</param>
/// <param name="CompromisedSince">Since when others may have been able to sign with it, UTC.</param>
/// <param name="Reason">Why, in a sentence; it is kept for auditors.</param>
/// <param name="By">Who asks, as far as the caller knows.</param>
internal sealed record RevocationRequest(KeyVersionName Version, DateTimeOffset CompromisedSince, string Reason, string By);
