using System.Net;
using System.Net.Sockets;
using System.Text;

namespace BinAuthz.Tests.Alerting.Channels;

/// <summary>An SMTP server for one message after the other, as far as RFC 5321 needs.</summary>
internal sealed class SmtpService : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly Func<string, string?> answer;

    /// <param name="answer">The reply to a command, where it is not the usual one.</param>
    public SmtpService(Func<string, string?>? answer = null)
    {
        this.answer = answer ?? (_ => null);
        listener.Start();
        _ = ServeAsync(TestContext.Current.CancellationToken);
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>Every line that was received.</summary>
    public List<string> Lines { get; } = [];

    public string Received => string.Join('\n', Lines);

    public void Dispose() => listener.Dispose();

    private async Task ServeAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                using var client = await listener.AcceptTcpClientAsync(cancellationToken);
                await TalkAsync(client.GetStream(), cancellationToken);
            }
        }
        catch (Exception error) when (error is SocketException or IOException or OperationCanceledException or ObjectDisposedException)
        {
        }
    }

    private async Task TalkAsync(NetworkStream stream, CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(stream, Encoding.UTF8);
        await using var writer = new StreamWriter(stream, new UTF8Encoding(false)) { NewLine = "\r\n", AutoFlush = true };
        await writer.WriteLineAsync(answer("CONNECT") ?? "220 smtp.example.com ESMTP");
        var inData = false;
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            Lines.Add(line);
            if (inData && line != ".")
            {
                continue;
            }

            var verb = inData ? "." : line.Split(' ')[0].ToUpperInvariant();
            var reply = answer(verb) ?? Usual(verb);
            inData = verb == "DATA" && reply.StartsWith("354", StringComparison.Ordinal);
            await writer.WriteLineAsync(reply);
            if (verb == "QUIT")
            {
                return;
            }
        }
    }

    private static string Usual(string verb) => verb switch
    {
        "EHLO" => "250 smtp.example.com",
        "DATA" => "354 go on",
        "QUIT" => "221 bye",
        _ => "250 ok",
    };
}
