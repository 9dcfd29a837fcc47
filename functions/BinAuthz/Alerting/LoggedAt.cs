using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using BinAuthz.Denials;

namespace BinAuthz.Alerting;

/// <summary>Which log entry: its time, and a short hash of what tells it apart. A redelivery has the same.</summary>
/// <param name="Time">To the millisecond, UTC.</param>
/// <param name="Hash">16 hexadecimal digits.</param>
internal readonly record struct LoggedAt(DateTimeOffset Time, string Hash)
{
    private const string Format = "yyyyMMdd'T'HHmmssfff'Z'";

    /// <summary>The entry of a finding.</summary>
    /// <param name="source">The entry.</param>
    /// <param name="messageId">Tells entries without an id apart.</param>
    public static LoggedAt Of(FindingSource source, string messageId)
    {
        var id = $"{source.LogName}\n{(source.InsertId.Length > 0 ? source.InsertId : messageId)}\n{source.Time.UtcTicks}";
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(id));
        return new LoggedAt(ParseTime(Sortable(source.Time)), Convert.ToHexStringLower(hash.AsSpan(0, 8)));
    }

    /// <summary>A time as text that sorts as times do, such as <c>20261001T081530123Z</c>.</summary>
    public static string Sortable(DateTimeOffset time) => time.UtcDateTime.ToString(Format, CultureInfo.InvariantCulture);

    /// <summary>Reads what <see cref="Sortable"/> wrote.</summary>
    /// <exception cref="FormatException">It is of another form.</exception>
    public static DateTimeOffset ParseTime(string text) =>
        TryParseTime(text, out var time) ? time : throw new FormatException($"'{text}' is no time.");

    /// <summary>Reads what <see cref="Sortable"/> wrote.</summary>
    public static bool TryParseTime(string text, out DateTimeOffset time) =>
        DateTimeOffset.TryParseExact(text, Format, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out time);

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    /// <exception cref="FormatException">It is of another form.</exception>
    public static LoggedAt Parse(string text) =>
        text.Split('-') is [var time, var hash] ? new LoggedAt(ParseTime(time), hash) : throw new FormatException($"'{text}' names no log entry.");

    /// <summary><c>TIME-HASH</c>.</summary>
    public override string ToString() => $"{Sortable(Time)}-{Hash}";
}
