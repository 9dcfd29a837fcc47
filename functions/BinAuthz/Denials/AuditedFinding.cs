namespace BinAuthz.Denials;

/// <summary>What an audit found, as its log entry tells.</summary>
/// <param name="Report">The folder of the report, such as <c>audits/production/20261126T060000Z</c>.</param>
/// <param name="Rule">The id of the rule; empty: the entry counts what is not told one by one.</param>
/// <param name="Severity">How bad it is: <c>low</c>, <c>medium</c>, <c>high</c> or <c>critical</c>.</param>
/// <param name="Fingerprint">The same for the same finding in every report.</param>
/// <param name="Resource">What it is about.</param>
internal sealed record AuditedFinding(string Report, string Rule, string Severity, string Fingerprint, string Resource)
{
    /// <summary>The environment of the report; empty: not told.</summary>
    public string Environment { get; init; } = "";

    /// <summary>What is wrong, in a few words.</summary>
    public string Title { get; init; } = "";

    /// <summary>What is there and what should be.</summary>
    public string Detail { get; init; } = "";

    /// <summary>What mends it.</summary>
    public string Remedy { get; init; } = "";
}
