using System.Text.Json.Nodes;
using BinAuthz.Alerting.Secrets;

namespace BinAuthz.Alerting.Channels;

/// <summary>Slack, by an incoming webhook. Texts are plain_text objects with Slack's three control characters escaped (docs.slack.dev: formatting message text, block kit), so that no mention, link or markup of a log comes alive.</summary>
internal sealed class SlackChannel(SlackSettings settings, AlertSecrets secrets, ChannelHttp http) : ChatChannel(settings.Name, settings.Url, Message, secrets, http)
{
    private const int LongestHeader = 150;
    private const int LongestText = 3000;

    // Far below what a message may have, so that nobody has to scroll for an hour.
    private const int LargestMessage = 30_000;

    /// <summary>The message.</summary>
    public static byte[] Message(Alert alert)
    {
        var content = AlertContent.Of(alert);
        return ChannelJson.Fit(LargestMessage, LongestText, longest => Build(content, longest));
    }

    private static JsonObject Build(AlertContent content, int longest)
    {
        var blocks = new JsonArray(
            new JsonObject { ["type"] = "header", ["text"] = Plain(content.Subject, LongestHeader) },
            Section(content.Title, longest),
            Section(content.Detail, longest));
        if (content.Command.Length > 0)
        {
            blocks.Add((JsonNode)Preformatted(content.Command, longest));
        }

        blocks.Add((JsonNode)Section(content.Period, longest));
        AddLines(blocks, content.Facts.Select(fact => $"{fact.Key}: {fact.Value}"), longest);
        AddLines(blocks, content.Items.Select(item => $"• {item}"), longest);
        if (content.Message.Length > 0)
        {
            blocks.Add((JsonNode)Preformatted(content.Message, longest));
        }

        return new JsonObject
        {
            // For notifications; Slack would read markup in it.
            ["text"] = AlertText.Fit($"{content.Subject}: {content.Title}", Math.Min(longest, 1000), AlertText.Entities),
            ["mrkdwn"] = false,
            ["unfurl_links"] = false,
            ["unfurl_media"] = false,
            ["blocks"] = blocks,
        };
    }

    private static void AddLines(JsonArray blocks, IEnumerable<string> lines, int longest)
    {
        var text = string.Join('\n', lines.Select(line => AlertText.Fit(line, Math.Max(100, longest / 5))));
        if (text.Length > 0)
        {
            blocks.Add((JsonNode)Section(text, longest));
        }
    }

    private static JsonObject Section(string text, int longest) => new() { ["type"] = "section", ["text"] = Plain(text, longest) };

    private static JsonObject Plain(string text, int longest) =>
        new() { ["type"] = "plain_text", ["text"] = AlertText.Fit(text, longest, AlertText.Entities), ["emoji"] = false };

    // Text elements of rich text are no text objects: they are taken as they are, so that a command can be copied.
    private static JsonObject Preformatted(string text, int longest) => new()
    {
        ["type"] = "rich_text",
        ["elements"] = new JsonArray(new JsonObject
        {
            ["type"] = "rich_text_preformatted",
            ["elements"] = new JsonArray(new JsonObject { ["type"] = "text", ["text"] = AlertText.Fit(text, longest) }),
        }),
    };
}
