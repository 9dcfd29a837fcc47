using System.Buffers;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace BinAuthz.Emulator.Hosting;

/// <summary>
/// Serves HTTP/1.1 and HTTP/2 with prior knowledge on one cleartext port, as Google's own emulators do. Kestrel
/// chooses the protocol by TLS alone, so a connection that begins with the HTTP/2 preface is given the features of one.
/// </summary>
internal static class ProtocolSniffing
{
    private static ReadOnlySpan<byte> Preface => "PRI * HTTP/2.0"u8;

    public static void UseProtocolSniffing(this ListenOptions options)
    {
        options.Protocols = HttpProtocols.Http1AndHttp2;
        options.Use(next => async connection =>
        {
            try
            {
                if (await IsHttp2Async(connection).ConfigureAwait(false))
                {
                    var feature = new CleartextHttp2();
                    connection.Features.Set<ITlsConnectionFeature>(feature);
                    connection.Features.Set<ITlsApplicationProtocolFeature>(feature);
                }
            }
            catch (Exception error) when (error is OperationCanceledException or ConnectionResetException)
            {
                // Closed before it said which protocol it speaks.
                return;
            }

            await next(connection).ConfigureAwait(false);
        });
    }

    private static async Task<bool> IsHttp2Async(ConnectionContext connection)
    {
        // Clients open connections in advance and say nothing on them: the server must not wait for those when it stops.
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(
            connection.ConnectionClosed, connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested ?? CancellationToken.None);
        while (true)
        {
            var read = await connection.Transport.Input.ReadAsync(stop.Token).ConfigureAwait(false);
            var length = (int)Math.Min(read.Buffer.Length, Preface.Length);
            var start = read.Buffer.Slice(0, length).ToArray();
            var matches = Preface[..length].SequenceEqual(start);
            var decided = !matches || length == Preface.Length || read.IsCompleted;
            connection.Transport.Input.AdvanceTo(read.Buffer.Start, decided ? read.Buffer.Start : read.Buffer.End);
            if (decided)
            {
                return matches && length == Preface.Length;
            }
        }
    }

    private sealed class CleartextHttp2 : ITlsConnectionFeature, ITlsApplicationProtocolFeature
    {
        public ReadOnlyMemory<byte> ApplicationProtocol { get; } = "h2"u8.ToArray();

        public X509Certificate2? ClientCertificate { get; set; }

        public Task<X509Certificate2?> GetClientCertificateAsync(CancellationToken cancellationToken) => Task.FromResult<X509Certificate2?>(null);
    }
}
