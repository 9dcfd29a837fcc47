using System.Text.Json.Nodes;
using BinAuthz.Alerting.Secrets;

namespace BinAuthz.Alerting.Channels;

/// <summary>Google Chat, by an incoming webhook: one card (docs: chat/api/reference/rest/v1/cards). Texts of widgets are read as HTML, so its characters are escaped; there is no message text, where mentions would come alive.</summary>
internal sealed class GoogleChatChannel(GoogleChatSettings settings, AlertSecrets secrets, ChannelHttp http) : ChatChannel(settings.Name, settings.Url, Message, secrets, http)
{
    private const int LongestText = 4000;

    // A message has at most 32,000 bytes.
    private const int LargestMessage = 30_000;

    /// <summary>The message.</summary>
    public static byte[] Message(Alert alert)
    {
        var content = AlertContent.Of(alert);
        return ChannelJson.Fit(LargestMessage, LongestText, longest => Build(content, longest));
    }

    private static JsonObject Build(AlertContent content, int longest)
    {
        var widgets = new JsonArray(Paragraph(content.Title, longest), Paragraph(content.Detail, longest));
        if (content.Command.Length > 0)
        {
            widgets.Add((JsonNode)Labelled("command", content.Command, longest));
        }

        widgets.Add((JsonNode)Paragraph(content.Period, longest));
        foreach (var (name, value) in content.Facts.Where(fact => fact.Value.Length > 0))
        {
            widgets.Add((JsonNode)Labelled(name, value, Math.Max(100, longest / 4)));
        }

        foreach (var item in content.Items)
        {
            widgets.Add((JsonNode)Paragraph($"• {item}", Math.Max(100, longest / 8)));
        }

        if (content.Message.Length > 0)
        {
            widgets.Add((JsonNode)Labelled("log", content.Message, longest));
        }

        return new JsonObject
        {
            ["fallbackText"] = AlertText.Fit(content.Subject, 200),
            ["cardsV2"] = new JsonArray(new JsonObject
            {
                ["cardId"] = "alert",
                ["card"] = new JsonObject
                {
                    ["header"] = new JsonObject { ["title"] = AlertText.Fit(content.Subject, 200), ["subtitle"] = "Binary Authorization" },
                    ["sections"] = new JsonArray(new JsonObject { ["widgets"] = widgets }),
                },
            }),
        };
    }

    private static JsonObject Paragraph(string text, int longest) => new() { ["textParagraph"] = new JsonObject { ["text"] = Escape(text, longest) } };

    private static JsonObject Labelled(string label, string text, int longest) => new()
    {
        ["decoratedText"] = new JsonObject { ["topLabel"] = Escape(label, 100), ["text"] = Escape(text, longest), ["wrapText"] = true },
    };

    private static string Escape(string text, int longest) => AlertText.Fit(text, longest, AlertText.Entities);
}
