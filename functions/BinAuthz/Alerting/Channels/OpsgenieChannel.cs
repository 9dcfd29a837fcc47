using System.Text.Json.Nodes;
using BinAuthz.Alerting.Secrets;

namespace BinAuthz.Alerting.Channels;

/// <summary>Opsgenie, by its Alert API v2. Alerts of one group have one alias, by which Opsgenie counts instead of opening another. Its texts are shown as HTML, so that is escaped.</summary>
internal sealed class OpsgenieChannel(OpsgenieSettings settings, AlertSecrets secrets, ChannelHttp http) : HttpChannel(settings.Name, secrets, http)
{
    // Limits: docs.opsgenie.com, alert API and alert fields. Details have 8,000 characters in all, names included.
    private const int LongestMessage = 130;
    private const int LongestAlias = 512;
    private const int LongestDescription = 15_000;
    private const int LongestEntity = 512;
    private const int LongestDetail = 450;

    // The limit on the whole is not published; descriptions of the longest kind fit.
    private const int LargestAlert = 100_000;

    protected override IReadOnlyList<SecretReference> References => [settings.ApiKey];

    /// <summary>The request to create an alert.</summary>
    public static byte[] Payload(Alert alert)
    {
        var content = AlertContent.Of(alert);
        return ChannelJson.Fit(LargestAlert, LongestDescription, longest => Build(alert, content, longest));
    }

    protected override byte[] Body(Alert alert, IReadOnlyList<string> values) => Payload(alert);

    protected override ChannelRequest Request(byte[] body, IReadOnlyList<string> values) =>
        new(settings.Endpoint, body, Json) { Headers = [KeyValuePair.Create("Authorization", $"GenieKey {values[0]}")], Secrets = values };

    private static JsonObject Build(Alert alert, AlertContent content, int longest)
    {
        var details = new JsonObject();
        foreach (var (name, value) in content.Facts.Take(16))
        {
            details[Escape(name, 49)] = Escape(value, LongestDetail);
        }

        return new JsonObject
        {
            ["message"] = Escape(content.Title, LongestMessage),
            ["alias"] = AlertContent.KeyOf(alert, LongestAlias),
            ["description"] = Escape($"{content.Subject}\n\n{content.ToText()}", longest),
            ["details"] = details,
            ["tags"] = new JsonArray(AlertNames.Of(alert.Kind), AlertNames.Of(alert.Stage), Escape(AlertText.Line(alert.Environment), 50)),
            ["entity"] = Escape(content.Facts.Where(fact => fact.Key is "image" or "resource").Select(fact => fact.Value).FirstOrDefault() ?? "", LongestEntity),
            ["source"] = "binauthz",
            ["priority"] = Priority(alert.Severity),
        };
    }

    private static string Priority(AlertSeverity severity) => severity switch
    {
        AlertSeverity.Critical => "P1",
        AlertSeverity.Error => "P2",
        AlertSeverity.Warning => "P3",
        _ => "P5",
    };

    private static string Escape(string text, int longest) => AlertText.Fit(text, longest, AlertText.Entities);
}
