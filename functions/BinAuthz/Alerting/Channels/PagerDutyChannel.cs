using System.Text.Json.Nodes;
using BinAuthz.Alerting.Secrets;

namespace BinAuthz.Alerting.Channels;

/// <summary>
/// PagerDuty, by its Events API v2. What the deduplication holds to be one thing is one incident: a summary updates it. It is
/// never resolved from here: that an image is no longer denied is not in any log, so people do that.
/// </summary>
internal sealed class PagerDutyChannel(PagerDutySettings settings, AlertSecrets secrets, ChannelHttp http) : HttpChannel(settings.Name, secrets, http)
{
    private const int LongestSummary = 1024;
    private const int LongestKey = 255;
    private const int LongestText = 8000;

    // An event has at most 512 KB.
    private const int LargestEvent = 200_000;

    protected override IReadOnlyList<SecretReference> References => [settings.RoutingKey];

    /// <summary>The event.</summary>
    public static byte[] Event(Alert alert, string routingKey)
    {
        var content = AlertContent.Of(alert);
        return ChannelJson.Fit(LargestEvent, LongestText, longest => Build(alert, content, routingKey, longest));
    }

    protected override byte[] Body(Alert alert, IReadOnlyList<string> values) => Event(alert, values[0]);

    protected override ChannelRequest Request(byte[] body, IReadOnlyList<string> values) => new(settings.Endpoint, body, Json) { Secrets = values };

    private static JsonObject Build(Alert alert, AlertContent content, string routingKey, int longest)
    {
        var details = new JsonObject
        {
            ["detail"] = AlertText.Fit(content.Detail, longest),
            ["command"] = AlertText.Fit(content.Command, longest),
            ["count"] = alert.Count,
            ["period"] = content.Period,
        };
        foreach (var (name, value) in content.Facts)
        {
            details[AlertText.Fit(name, 100)] = AlertText.Fit(value, longest);
        }

        details["items"] = new JsonArray([.. content.Items.Select(item => JsonValue.Create(AlertText.Fit(item, longest)))]);
        details["log"] = AlertText.Fit(content.Message, longest);
        return new JsonObject
        {
            ["routing_key"] = routingKey,
            ["event_action"] = "trigger",
            ["dedup_key"] = AlertContent.KeyOf(alert, LongestKey),
            ["client"] = "binauthz",
            ["payload"] = new JsonObject
            {
                ["summary"] = AlertText.Fit($"{content.Subject}: {content.Title}", LongestSummary),
                ["source"] = AlertText.Fit(Fact(alert, "cluster") ?? Fact(alert, "project") ?? "binauthz", 200),
                ["severity"] = AlertNames.Of(alert.Severity),
                ["timestamp"] = Rfc3339.Write(alert.Until),
                ["component"] = AlertText.Fit(Fact(alert, "image") ?? Fact(alert, "resource") ?? "", 500),
                ["group"] = AlertText.Fit(AlertText.Line(alert.Environment), 200),
                ["class"] = AlertNames.Of(alert.Kind),
                ["custom_details"] = details,
            },
        };
    }

    private static string? Fact(Alert alert, string name) =>
        alert.Facts.Where(fact => fact.Key == name && fact.Value.Length > 0).Select(fact => AlertText.Line(fact.Value)).FirstOrDefault();
}
