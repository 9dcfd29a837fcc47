using System.Net.Sockets;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace BinAuthz.Alerting.Channels;

/// <summary>Hands messages to SMTP servers, only over addresses that <see cref="Dialler"/> allows, and encrypted unless the server is this machine.</summary>
/// <param name="dialler">Connects.</param>
/// <param name="limits">How long it is tried.</param>
/// <param name="time">Between attempts.</param>
internal sealed class SmtpDelivery(Dialler dialler, DeliveryLimits limits, TimeProvider time)
{
    private const int EncryptedFromTheStart = 465;

    private readonly Delivery delivery = new(limits, time);

    /// <summary>Sends, a few times if need be.</summary>
    /// <param name="settings">The server.</param>
    /// <param name="password">The user's; null: nobody logs in.</param>
    /// <param name="message">What.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="AlertChannelException">It was not taken.</exception>
    public Task SendAsync(EmailSettings settings, string? password, MimeMessage message, CancellationToken cancellationToken) =>
        delivery.RunAsync(settings.Name, stop => SendOnceAsync(settings, password, message, stop), cancellationToken);

    private async Task SendOnceAsync(EmailSettings settings, string? password, MimeMessage message, CancellationToken cancellationToken)
    {
        try
        {
            var socket = await dialler.ConnectAsync(settings.Host, settings.Port, settings.Encrypted, cancellationToken).ConfigureAwait(false);
            using var client = new SmtpClient { CheckCertificateRevocation = false };
            await client.ConnectAsync(socket, settings.Host, settings.Port, Security(settings), cancellationToken).ConfigureAwait(false);
            if (password is not null)
            {
                await client.AuthenticateAsync(settings.User, password, cancellationToken).ConfigureAwait(false);
            }

            await client.SendAsync(message, cancellationToken).ConfigureAwait(false);
            await LeaveAsync(client, cancellationToken).ConfigureAwait(false);
        }
        catch (AddressRefusedException error)
        {
            throw new AlertChannelException(settings.Name, error.Message, isTransient: false);
        }
        catch (Exception error) when (error is SocketException or IOException or ProtocolException or CommandException or AuthenticationException or SslHandshakeException or NotSupportedException or ServiceNotConnectedException)
        {
            // What the server says may hold the user or what was sent, so its words stay out.
            var (reason, transient) = Explain(error);
            throw new AlertChannelException(settings.Name, reason, transient);
        }
    }

    // The message was taken; how the conversation ends does not matter any more.
    private static async Task LeaveAsync(SmtpClient client, CancellationToken cancellationToken)
    {
        try
        {
            await client.DisconnectAsync(quit: true, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (error is IOException or ProtocolException or CommandException or OperationCanceledException)
        {
        }
    }

    private static SecureSocketOptions Security(EmailSettings settings) =>
        !settings.Encrypted ? SecureSocketOptions.None
        : settings.Port == EncryptedFromTheStart ? SecureSocketOptions.SslOnConnect
        : SecureSocketOptions.StartTls;

    private static (string Reason, bool IsTransient) Explain(Exception error) => error switch
    {
        AuthenticationException => ("The server does not accept user and password.", false),
        SslHandshakeException => ("No TLS connection can be made; the server's certificate is not valid for it or not trusted.", false),
        NotSupportedException => ("The server offers no STARTTLS, or no way to log in. Use port 465, or another server.", false),
        // RFC 5321: 4yz is for now, 5yz for good.
        SmtpCommandException { ErrorCode: var code, StatusCode: var status } => ($"The server answered {(int)status} ({code}).", (int)status is >= 400 and < 500),
        SocketException => ("The server cannot be connected to.", true),
        _ => ("The connection broke, or the server does not speak SMTP.", true),
    };
}
