using System.Text;
using System.Text.RegularExpressions;
using BinAuthz.Alerting;
using BinAuthz.Alerting.Channels;
using MimeKit;

namespace BinAuthz.Tests.Alerting.Channels;

/// <summary>E-mail as it goes over the wire: one part of plain text, and headers that nothing of a log can add to.</summary>
public sealed partial class EmailMessageTests
{
    private static readonly EmailSettings Settings = new("mail", "smtp.example.com", 587, "binauthz@example.com", ["oncall@example.com", "team@example.com"], false);

    private static readonly HashSet<string> Fields = new(["From", "To", "Subject", "Message-Id", "Date", "Auto-Submitted", "MIME-Version", "Content-Type", "Content-Transfer-Encoding"], StringComparer.OrdinalIgnoreCase);

    public static TheoryData<string> Hostile { get; } = [.. SampleAlerts.Hostile.Keys];

    [Fact]
    public async Task Message_EveryAlert_IsOnePartOfPlainText()
    {
        foreach (var (name, alert) in SampleAlerts.All())
        {
            var message = await SentAsync(alert);

            var part = Assert.IsType<TextPart>(message.Body);
            Assert.True(part.ContentType.IsMimeType("text", "plain"), name);
            Assert.Equal("utf-8", part.ContentType.Charset);
            Assert.Null(message.HtmlBody);
            Assert.Empty(message.Attachments);
            Assert.Single(message.BodyParts);
            Assert.NotEmpty(message.Subject!);
        }
    }

    [Theory]
    [MemberData(nameof(Hostile))]
    public async Task Message_HostileText_AddsNoHeaderAndNoReceiver(string text)
    {
        var message = await SentAsync(SampleAlerts.Filled(SampleAlerts.Hostile[text]));

        Assert.All(message.Headers.Concat(message.Body!.Headers), header => Assert.Contains(header.Field, Fields));
        Assert.Equal(1, message.Headers.Count(header => header.Id == HeaderId.Subject));
        Assert.Equal(Settings.To, message.To.Mailboxes.Select(mailbox => mailbox.Address));
        Assert.Empty(message.Bcc);
        Assert.InRange(message.Subject!.Length, 1, 200);
        Assert.DoesNotMatch(Hidden(), message.Subject);
        Assert.DoesNotMatch(Hidden(), message.TextBody!.ReplaceLineEndings(""));
        Assert.InRange(message.TextBody.Length, 1, 120_000);
    }

    [Fact]
    public async Task Message_Usual_SaysEverything()
    {
        var message = await SentAsync(SampleAlerts.Maximal() with { Title = "Image denied", Command = "binauthz sign IMAGE" });

        Assert.Equal("[binauthz] CRITICAL in text: denial: Image denied", message.Subject);
        Assert.All(["Command:\r\nbinauthz sign IMAGE", "10000 log entries", "image: text", "- text", "and 10 more", "Log:\r\ntext"], part => Assert.Contains(part, message.TextBody!.ReplaceLineEndings("\r\n"), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Message_SentAgain_HasTheSameId()
    {
        var alert = SampleAlerts.Minimal();

        Assert.Equal((await SentAsync(alert)).MessageId, (await SentAsync(alert)).MessageId);
        Assert.NotEqual((await SentAsync(alert)).MessageId, (await SentAsync(alert with { Id = "other" })).MessageId);
    }

    private static async Task<MimeMessage> SentAsync(Alert alert)
    {
        using var message = EmailChannel.Message(alert, Settings);
        // As the SMTP client does before it sends.
        message.Prepare(EncodingConstraint.SevenBit);
        using var wire = new MemoryStream();
        await message.WriteToAsync(wire, TestContext.Current.CancellationToken);
        Assert.All(Encoding.UTF8.GetString(wire.ToArray()).Split('\n'), line => Assert.InRange(line.Length, 0, 999));
        wire.Position = 0;
        return await MimeMessage.LoadAsync(wire, TestContext.Current.CancellationToken);
    }

    [GeneratedRegex(@"[\x00-\x1F\x7F-\x9F\u061C\u200B-\u200F\u2028-\u202E\u2060-\u2069\uFEFF]")]
    private static partial Regex Hidden();
}
