using System.Globalization;
using BinAuthz.Keys;

namespace BinAuthz.Rotation;

/// <summary>Asks to take a version's trust away at once.</summary>
/// <param name="Version">The version.</param>
/// <param name="CompromisedSince">Since when others may have been able to sign with it, UTC.</param>
/// <param name="Reason">Why, in a sentence; it is kept for auditors.</param>
/// <param name="By">Who asks, as far as the caller knows.</param>
internal sealed record RevocationRequest(KeyVersionName Version, DateTimeOffset CompromisedSince, string Reason, string By)
{
    private const int LongestReason = 1000;

    private static readonly string[] Times = ["yyyy-MM-dd", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];

    /// <summary>Reads what a person or a program wrote.</summary>
    /// <param name="key">The key whose version it is, if <paramref name="version"/> is a number only.</param>
    /// <param name="version">A number, or a full name.</param>
    /// <param name="since">An RFC 3339 time with an offset, or a date, which is its first moment in UTC.</param>
    /// <param name="reason">Why.</param>
    /// <param name="by">Who asks.</param>
    /// <param name="now">The time, UTC.</param>
    /// <exception cref="FormatException">One of them cannot be read; the message names it.</exception>
    public static RevocationRequest Parse(KeyName key, string version, string since, string reason, string by, DateTimeOffset now)
    {
        var when = Time(since);
        return when > now ? throw new FormatException($"'{since}' is still to come. Since when may others have been able to sign? Write a time that has passed; if nobody knows, one long ago.")
            : string.IsNullOrWhiteSpace(reason) || reason.Length > LongestReason ? throw new FormatException($"The reason is empty or longer than {LongestReason} characters. It is kept for auditors: write a sentence.")
            : new RevocationRequest(Named(key, version), when, reason.Trim(), by);
    }

    private static KeyVersionName Named(KeyName key, string version) =>
        long.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? key.Version(number)
        : KeyVersionName.TryParse(version, out var name) ? name
        : throw new FormatException($"'{version}' is no key version. Write its number, or projects/P/locations/L/keyRings/R/cryptoKeys/K/cryptoKeyVersions/N.");

    // Without an offset it would be another time on another machine.
    private static DateTimeOffset Time(string since) =>
        DateTimeOffset.TryParseExact(since, Times, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
        && (since.Length == Times[0].Length || since.EndsWith('Z') || since[^6] is '+' or '-')
            ? time
            : throw new FormatException($"'{since}' is no time. Write it as 2026-10-01T08:00:00Z, or a date such as 2026-10-01.");
}
