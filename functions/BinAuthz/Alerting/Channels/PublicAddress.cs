using System.Net;
using System.Net.Sockets;

namespace BinAuthz.Alerting.Channels;

/// <summary>Which addresses belong to the public internet. The others could be this machine, its neighbours, or the metadata server that hands out tokens.</summary>
internal static class PublicAddress
{
    // Special-purpose registries of IANA (RFC 6890 and its updates), multicast and reserved space.
    private static readonly IPNetwork[] NotPublic =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
            "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
            "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20",
        }.Select(IPNetwork.Parse),
    ];

    // Link-local, which has 169.254.169.254, and the IPv6 address of the metadata servers of AWS; Google's is fd20:ce::254.
    private static readonly IPNetwork[] Never =
    [
        .. new[] { "0.0.0.0/8", "169.254.0.0/16", "224.0.0.0/4", "240.0.0.0/4", "fe80::/10", "ff00::/8", "fd00:ec2::/32", "fd20:ce::/32" }.Select(IPNetwork.Parse),
    ];

    private static readonly IPNetwork Global = IPNetwork.Parse("2000::/3");
    private static readonly IPNetwork Translated = IPNetwork.Parse("64:ff9b::/96");

    /// <summary>Whether it is of the public internet.</summary>
    public static bool Is(IPAddress address)
    {
        var real = Unwrap(address);
        return real.AddressFamily switch
        {
            AddressFamily.InterNetwork => !NotPublic.Any(network => network.Contains(real)),
            AddressFamily.InterNetworkV6 => Global.Contains(real) && !NotPublic.Any(network => network.Contains(real)),
            _ => false,
        };
    }

    /// <summary>Whether it is never connected to, whatever the policy says: metadata servers, link-local, multicast, reserved.</summary>
    public static bool IsNever(IPAddress address)
    {
        var real = Unwrap(address);
        return real.Equals(IPAddress.IPv6Any) || Never.Any(network => network.Contains(real));
    }

    /// <summary>Whether it is this machine.</summary>
    public static bool IsLoopback(IPAddress address) => IPAddress.IsLoopback(Unwrap(address));

    // An IPv4 address may hide in an IPv6 one: ::ffff:a.b.c.d, or 64:ff9b::a.b.c.d of a network that translates (RFC 6052).
    private static IPAddress Unwrap(IPAddress address) =>
        address.IsIPv4MappedToIPv6 ? address.MapToIPv4()
        : address.AddressFamily == AddressFamily.InterNetworkV6 && Translated.Contains(address) ? new IPAddress(address.GetAddressBytes().AsSpan(12))
        : address;
}
