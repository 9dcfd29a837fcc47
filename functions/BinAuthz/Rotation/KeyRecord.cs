using BinAuthz.Keys;

namespace BinAuthz.Rotation;

/// <summary>
/// What happened to a version's trust, kept in the evidence bucket because neither Cloud KMS nor an attestor remembers it: a
/// version that was trusted once and is not now must never be trusted again by itself.
/// </summary>
/// <param name="Version">The version.</param>
/// <param name="Kind">What happened.</param>
/// <param name="At">When it was written, UTC.</param>
/// <param name="Pem">The public key, with which its attestations can be told from others after Cloud KMS gives it out no more.</param>
/// <param name="Algorithm">Its algorithm.</param>
/// <param name="Reason">Why, in a sentence.</param>
internal sealed record KeyRecord(KeyVersionName Version, KeyRecordKind Kind, DateTimeOffset At, string Pem, SignatureAlgorithm Algorithm, string Reason)
{
    /// <summary>Since when others may have been able to sign with it, UTC; only of <see cref="KeyRecordKind.Revoked"/>.</summary>
    public DateTimeOffset? CompromisedSince { get; init; }

    /// <summary>Who revoked it, as the caller says; empty: the schedule.</summary>
    public string By { get; init; } = "";
}
