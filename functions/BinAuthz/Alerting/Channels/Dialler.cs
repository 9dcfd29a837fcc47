using System.Net;
using System.Net.Sockets;

namespace BinAuthz.Alerting.Channels;

/// <summary>
/// Connects to hosts that a policy names. What counts is the address that is really connected to: the name is resolved
/// here, once, so that a name whose addresses change between a check and its use gains nothing.
/// </summary>
/// <param name="allowPrivate">Whether private addresses and this machine are allowed.</param>
/// <param name="resolve">Resolves a name; null: as the system does.</param>
internal sealed class Dialler(bool allowPrivate, Func<string, CancellationToken, Task<IPAddress[]>>? resolve = null)
{
    /// <summary>Connects.</summary>
    /// <param name="host">A name or an address.</param>
    /// <param name="port">The port.</param>
    /// <param name="encrypted">Whether the connection will be encrypted; otherwise it may go to this machine only.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="AddressRefusedException">It has no address that is allowed.</exception>
    /// <exception cref="SocketException">It cannot be resolved or does not answer.</exception>
    public async Task<Socket> ConnectAsync(string host, int port, bool encrypted, CancellationToken cancellationToken)
    {
        var addresses = IPAddress.TryParse(host, out var literal) ? [literal]
            : await (resolve ?? Dns.GetHostAddressesAsync)(host, cancellationToken).ConfigureAwait(false);
        IPAddress[] allowed = [.. addresses.Where(IsAllowed)];
        if (allowed.Length == 0)
        {
            throw new AddressRefusedException(allowPrivate
                ? "The host has only addresses that are never used: metadata servers, link-local, multicast or reserved ones."
                : "The host has no public address. If it is meant to be in a private network, write allowPrivate: true for the channel.");
        }

        if (!encrypted && !allowed.All(PublicAddress.IsLoopback))
        {
            throw new AddressRefusedException("Without encryption a channel reaches this machine only. Use https, or TLS for e-mail.");
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, port, cancellationToken).ConfigureAwait(false);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private bool IsAllowed(IPAddress address) => PublicAddress.Is(address) || (allowPrivate && !PublicAddress.IsNever(address));
}
