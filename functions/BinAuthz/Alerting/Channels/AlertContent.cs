using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace BinAuthz.Alerting.Channels;

/// <summary>What every channel shows of an alert, in the same words and order, fit to be shown and not yet escaped or cut.</summary>
/// <param name="Subject">Who speaks, of what and how urgent; nothing in it comes from a log.</param>
/// <param name="Title">One line.</param>
/// <param name="Detail">What was found and what to do.</param>
/// <param name="Command">The command that mends it; empty when none does.</param>
/// <param name="Period">How many log entries, and when.</param>
/// <param name="Facts">Names and values, one line each.</param>
/// <param name="Items">What a digest stands for, one line each.</param>
/// <param name="Message">What the log says; may have several lines.</param>
internal sealed record AlertContent(
    string Subject,
    string Title,
    string Detail,
    string Command,
    string Period,
    IReadOnlyList<KeyValuePair<string, string>> Facts,
    IReadOnlyList<string> Items,
    string Message)
{
    /// <summary>The most items that are shown.</summary>
    private const int MostItems = 20;

    /// <summary>The content of an alert.</summary>
    public static AlertContent Of(Alert alert) => new(
        $"{StageWord(alert.Stage)}{AlertNames.Of(alert.Severity).ToUpperInvariant()} in {AlertText.Line(alert.Environment)}: {AlertNames.Of(alert.Kind)}",
        Or(AlertText.Line(alert.Title), "(no title)"),
        Or(AlertText.Plain(alert.Detail), "(no detail)"),
        AlertText.Plain(alert.Command),
        PeriodOf(alert),
        [.. alert.Facts.Select(fact => KeyValuePair.Create(Or(AlertText.Line(fact.Key), "(no name)"), AlertText.Line(fact.Value)))],
        ItemsOf(alert.Items),
        AlertText.Plain(alert.Message));

    /// <summary>What a service groups by: the alert's group, of a test its id; a digest of it when it is longer than the service takes.</summary>
    public static string KeyOf(Alert alert, int longest)
    {
        var key = AlertText.Line(alert.Group.Length > 0 ? alert.Group : alert.Id);
        return key.Length <= longest ? key : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
    }

    /// <summary>The whole as plain text; what is longest comes last.</summary>
    public string ToText()
    {
        string[] parts =
        [
            Title,
            Detail,
            Command.Length == 0 ? "" : $"Command:\n{Command}",
            Period,
            string.Join('\n', Facts.Select(fact => $"{fact.Key}: {fact.Value}")),
            string.Join('\n', Items.Select(item => $"- {item}")),
            Message.Length == 0 ? "" : $"Log:\n{Message}",
        ];
        return string.Join("\n\n", parts.Where(part => part.Length > 0));
    }

    private static List<string> ItemsOf(IReadOnlyList<string> items)
    {
        var lines = items.Take(MostItems).Select(item => Or(AlertText.Line(item), "-")).ToList();
        if (items.Count > MostItems)
        {
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"and {items.Count - MostItems} more"));
        }

        return lines;
    }

    private static string PeriodOf(Alert alert) => string.Create(
        CultureInfo.InvariantCulture,
        $"{alert.Count} log {(alert.Count == 1 ? "entry" : "entries")}, {(alert.From == alert.Until ? Rfc3339.Write(alert.From) : $"{Rfc3339.Write(alert.From)} to {Rfc3339.Write(alert.Until)}")}");

    private static string StageWord(AlertStage stage) => stage switch
    {
        AlertStage.Summary => "Summary, ",
        AlertStage.Digest => "Digest, ",
        AlertStage.Test => "TEST, ",
        _ => "",
    };

    private static string Or(string text, string instead) => string.IsNullOrWhiteSpace(text) ? instead : text;
}
