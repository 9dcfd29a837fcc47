using System.Text.Json.Nodes;
using BinAuthz.Alerting.Secrets;

namespace BinAuthz.Alerting.Channels;

/// <summary>Microsoft Teams, by a webhook of its Workflows app: an Adaptive Card of rich text, whose runs know no Markdown, no links and no mentions (adaptivecards.io: TextRun).</summary>
internal sealed class TeamsChannel(TeamsSettings settings, AlertSecrets secrets, ChannelHttp http) : ChatChannel(settings.Name, settings.Url, Message, secrets, http)
{
    private const int LongestText = 3000;

    // Teams takes about 28 KB, of what it makes of the card.
    private const int LargestMessage = 20_000;

    /// <summary>The message.</summary>
    public static byte[] Message(Alert alert)
    {
        var content = AlertContent.Of(alert);
        return ChannelJson.Fit(LargestMessage, LongestText, longest => Build(content, longest));
    }

    private static JsonObject Build(AlertContent content, int longest) => new()
    {
        ["type"] = "message",
        ["attachments"] = new JsonArray(new JsonObject
        {
            ["contentType"] = "application/vnd.microsoft.card.adaptive",
            ["contentUrl"] = null,
            ["content"] = new JsonObject
            {
                ["$schema"] = "http://adaptivecards.io/schemas/adaptive-card.json",
                ["type"] = "AdaptiveCard",
                ["version"] = "1.4",
                ["msteams"] = new JsonObject { ["width"] = "Full" },
                ["body"] = Blocks(content, longest),
            },
        }),
    };

    private static JsonArray Blocks(AlertContent content, int longest)
    {
        var blocks = new JsonArray(
            Block(Run(content.Subject, 200, weight: "bolder")),
            Block(Run(content.Title, longest, weight: "bolder")),
            Block(Run(content.Detail, longest)));
        if (content.Command.Length > 0)
        {
            blocks.Add((JsonNode)Block(Run(content.Command, longest, font: "monospace")));
        }

        blocks.Add((JsonNode)Block(Run(content.Period, longest)));
        foreach (var (name, value) in content.Facts.Where(fact => fact.Value.Length > 0))
        {
            blocks.Add((JsonNode)Block(Run($"{AlertText.Fit(name, 100)}: ", 110, weight: "bolder"), Run(value, Math.Max(100, longest / 4))));
        }

        foreach (var item in content.Items)
        {
            blocks.Add((JsonNode)Block(Run($"• {item}", Math.Max(100, longest / 8))));
        }

        if (content.Message.Length > 0)
        {
            blocks.Add((JsonNode)Block(Run(content.Message, longest, font: "monospace")));
        }

        return blocks;
    }

    private static JsonObject Block(params JsonObject[] runs) => new() { ["type"] = "RichTextBlock", ["inlines"] = new JsonArray([.. runs]) };

    private static JsonObject Run(string text, int longest, string weight = "default", string font = "default") =>
        new() { ["type"] = "TextRun", ["text"] = AlertText.Fit(text, longest), ["weight"] = weight, ["fontType"] = font };
}
