using System.Security.Cryptography;
using System.Text;
using BinAuthz.Alerting.Secrets;
using MimeKit;

namespace BinAuthz.Alerting.Channels;

/// <summary>E-mail: one part of plain text, so that nothing of a log is ever rendered. The message id follows from the alert's, so that a repetition can be told.</summary>
internal sealed class EmailChannel(EmailSettings settings, AlertSecrets secrets, SmtpDelivery smtp) : IAlertChannel
{
    private const int LongestSubject = 200;
    private const int LongestText = 50_000;

    public string Name => settings.Name;

    public string Preview(Alert alert)
    {
        using var message = Message(alert, settings);
        return $"From: {settings.From}\nTo: {string.Join(", ", settings.To)}\nSubject: {message.Subject}\n\n{message.TextBody}";
    }

    public async Task SendAsync(Alert alert, CancellationToken cancellationToken)
    {
        var password = settings.Password is { } reference ? await secrets.ReadAsync(Name, reference, cancellationToken).ConfigureAwait(false) : null;
        using var message = Message(alert, settings);
        try
        {
            await smtp.SendAsync(settings, password, message, cancellationToken).ConfigureAwait(false);
        }
        catch (AlertChannelException error) when (!error.IsTransient && settings.Password is { } refused)
        {
            // A password that was replaced is read again the next time.
            secrets.Forget(refused);
            throw;
        }
    }

    /// <summary>The message. Nothing in its headers can end a line: MimeKit encodes them, and there are no line breaks left in the subject.</summary>
    public static MimeMessage Message(Alert alert, EmailSettings settings)
    {
        var content = AlertContent.Of(alert);
        var message = new MimeMessage();
        message.From.Add(MailboxAddress.Parse(settings.From));
        message.To.AddRange(settings.To.Select(MailboxAddress.Parse));
        message.Subject = AlertText.Fit($"[binauthz] {content.Subject}: {content.Title}", LongestSubject);
        message.MessageId = $"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(alert.Id)))[..40]}@{MailboxAddress.Parse(settings.From).Domain}";
        message.Date = alert.Until.ToUniversalTime();
        // RFC 3834: nobody's out-of-office answers a program.
        message.Headers.Add("Auto-Submitted", "auto-generated");
        message.Body = new TextPart("plain") { Text = AlertText.Fit(content.ToText(), LongestText).Replace("\n", "\r\n", StringComparison.Ordinal) };
        return message;
    }
}
