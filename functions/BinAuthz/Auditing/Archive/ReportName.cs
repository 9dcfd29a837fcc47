using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using BinAuthz.Auditing.Reports;

namespace BinAuthz.Auditing.Archive;

/// <summary>Where the parts of a report are kept: the folder <c>audits/ENVIRONMENT/yyyyMMddTHHmmssZ</c>, by the time of the report.</summary>
/// <param name="Environment">Such as <c>production</c>.</param>
/// <param name="Time">To the second, UTC.</param>
internal sealed record ReportName(string Environment, DateTimeOffset Time)
{
    /// <summary>The file that signs all others; a report exists when it does.</summary>
    public const string StatementFile = "statement.dsse.json";

    /// <summary>The file that says its findings were published. It is written after the statement, which does not cover it.</summary>
    public const string ToldFile = "told.json";

    /// <summary>What the names of an audit's parts begin with in its folder. They are no part of the report, and nothing signs them.</summary>
    public const string PartsFolder = "shards/";

    private const string Format = "yyyyMMdd'T'HHmmss'Z'";

    /// <summary>The folder, such as <c>audits/production/20261126T060000Z</c>.</summary>
    public string Folder => Prefix(Environment) + Id;

    /// <summary>The folder's own name, such as <c>20261126T060000Z</c>.</summary>
    public string Id => Time.UtcDateTime.ToString(Format, CultureInfo.InvariantCulture);

    /// <summary>The full name of the statement.</summary>
    public string Statement => File(StatementFile);

    /// <summary>What everything of an environment begins with.</summary>
    public static string Prefix(string environment) => $"audits/{environment}/";

    /// <summary>The place of a report.</summary>
    /// <exception cref="ArgumentException">Its time has fractions of a second, so that two reports would have one name.</exception>
    public static ReportName Of(AuditReport report) => report.Time.UtcTicks % TimeSpan.TicksPerSecond == 0
        ? new ReportName(report.Environment, report.Time.ToUniversalTime())
        : throw new ArgumentException($"A report is named by its second, and {report.Time:O} is between two.", nameof(report));

    /// <summary>The full name of a file.</summary>
    public string File(string file) => $"{Folder}/{file}";

    /// <summary>Reads a folder's own name.</summary>
    public static bool TryParse(string environment, string id, [NotNullWhen(true)] out ReportName? name)
    {
        name = DateTimeOffset.TryParseExact(id, Format, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? new ReportName(environment, time) : null;
        return name is not null;
    }

    /// <summary>Reads the full name of a statement.</summary>
    public static bool TryParseStatement(string statement, [NotNullWhen(true)] out ReportName? name)
    {
        var parts = statement.Split('/');
        name = null;
        return parts.Length == 4 && parts[0] == "audits" && parts[3] == StatementFile && TryParse(parts[1], parts[2], out name);
    }

    public override string ToString() => Folder;
}
