using BinAuthz.Denials;

namespace BinAuthz.Alerting;

/// <summary>A message to people and programs. Every text may hold what an attacker wrote: a channel escapes as its format asks for.</summary>
/// <param name="Id">The same whenever the same message is sent again.</param>
/// <param name="Stage">Which message about it this is.</param>
/// <param name="Kind">What it is about; of a digest, its most severe.</param>
/// <param name="Severity">How urgent it is.</param>
/// <param name="Environment">Such as <c>production</c>.</param>
/// <param name="Title">One line, without markup.</param>
/// <param name="Detail">What was found and what to do, in plain sentences.</param>
/// <param name="Command">The command that mends it; empty when none does.</param>
/// <param name="Count">How many log entries it stands for.</param>
/// <param name="From">The time of the first of them, UTC.</param>
/// <param name="Until">The time of the last of them, UTC.</param>
internal sealed record Alert(
    string Id,
    AlertStage Stage,
    FindingKind Kind,
    AlertSeverity Severity,
    string Environment,
    string Title,
    string Detail,
    string Command,
    int Count,
    DateTimeOffset From,
    DateTimeOffset Until)
{
    /// <summary>Why; null for a digest or a test.</summary>
    public DiagnosisCause? Cause { get; init; }

    /// <summary>The same for everything that the deduplication holds to be one thing: what incident tools group by. Empty for a test.</summary>
    public string Group { get; init; } = "";

    /// <summary>Names and values for people and programs, in this order: <c>image</c>, <c>project</c>, <c>cluster</c>, <c>namespace</c>, <c>workload</c>, <c>principal</c>, <c>attestors</c>, <c>commit</c>, <c>resource</c>, <c>rule</c>, <c>report</c>, <c>method</c>, <c>justification</c>, <c>codes</c>, <c>logEntry</c>; those without a value are left out.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Facts { get; init; } = [];

    /// <summary>What the log says, as it stands there; empty when there is nothing.</summary>
    public string Message { get; init; } = "";

    /// <summary>What a digest stands for, the most frequent first; not necessarily all of it.</summary>
    public IReadOnlyList<string> Items { get; init; } = [];
}
