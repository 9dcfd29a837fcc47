using BinAuthz.Alerting;
using BinAuthz.Alerting.Channels;

namespace BinAuthz.Tests.Alerting.Channels;

public sealed class SmtpDeliveryTests
{
    private static readonly DeliveryLimits Quick = new(2, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(20), TimeSpan.FromMilliseconds(10), TimeSpan.FromSeconds(1));

    [Fact]
    public async Task Send_HostileAlert_IsOneMessageToTheReceivers()
    {
        using var server = new SmtpService();

        await SendAsync(server, SampleAlerts.Filled(SampleAlerts.Hostile["lines"]));

        Assert.Equal(["RCPT TO:<oncall@example.com>", "RCPT TO:<team@example.com>"], server.Lines.Where(line => line.StartsWith("RCPT", StringComparison.Ordinal)));
        Assert.Single(server.Lines, line => line == ".");
        Assert.Single(server.Lines.TakeWhile(line => line.Length > 0), line => line.StartsWith("Subject: ", StringComparison.Ordinal));
        Assert.Contains("Content-Type: text/plain; charset=utf-8", server.Received, StringComparison.Ordinal);
        Assert.DoesNotContain("text/html", server.Received, StringComparison.OrdinalIgnoreCase);
        Assert.Equal("QUIT", server.Lines[^1]);
    }

    [Theory]
    [InlineData("MAIL", "421 try later", true, 2)]
    [InlineData("DATA", "451 local error", true, 2)]
    [InlineData(".", "452 full", true, 2)]
    [InlineData("MAIL", "550 no", false, 1)]
    [InlineData("RCPT", "550 no such user secret-user", false, 1)]
    [InlineData(".", "554 refused", false, 1)]
    [InlineData("CONNECT", "554 go away", false, 0)]
    [InlineData("CONNECT", "SSH-2.0-OpenSSH_9.9", true, 0)]
    public async Task Send_Refused_SaysWhetherItMayHelpToTryAgain(string verb, string reply, bool transient, int greetings)
    {
        using var server = new SmtpService(command => command == verb ? reply : null);

        var error = await Assert.ThrowsAsync<AlertChannelException>(() => SendAsync(server, SampleAlerts.Minimal()));

        Assert.Equal(transient, error.IsTransient);
        Assert.Equal(greetings, server.Lines.Count(line => line.StartsWith("EHLO", StringComparison.Ordinal)));
        Assert.DoesNotContain("secret-user", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Send_ServerWithoutStartTls_IsNotSpokenToInTheClear()
    {
        using var server = new SmtpService();

        var error = await Assert.ThrowsAsync<AlertChannelException>(() => SendAsync(server, SampleAlerts.Minimal(), encrypted: true));

        Assert.Equal("Channel 'mail': The server offers no STARTTLS, or no way to log in. Use port 465, or another server.", error.Message);
        Assert.False(error.IsTransient);
        Assert.DoesNotContain(server.Lines, line => line.StartsWith("MAIL", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Send_Strict_ReachesNothingOnThisMachine()
    {
        using var server = new SmtpService();

        var error = await Assert.ThrowsAsync<AlertChannelException>(() => SendAsync(server, SampleAlerts.Minimal(), allowPrivate: false, encrypted: true));

        Assert.Contains("write allowPrivate: true", error.Message, StringComparison.Ordinal);
        Assert.Empty(server.Lines);
    }

    private static async Task SendAsync(SmtpService server, Alert alert, bool allowPrivate = true, bool encrypted = false)
    {
        var settings = new EmailSettings("mail", "127.0.0.1", server.Port, "binauthz@example.com", ["oncall@example.com", "team@example.com"], allowPrivate) { Encrypted = encrypted };
        using var message = EmailChannel.Message(alert, settings);
        await new SmtpDelivery(new Dialler(allowPrivate), Quick, TimeProvider.System).SendAsync(settings, null, message, TestContext.Current.CancellationToken);
    }
}
