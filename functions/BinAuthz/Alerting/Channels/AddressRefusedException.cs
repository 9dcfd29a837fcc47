namespace BinAuthz.Alerting.Channels;

/// <summary>A name leads to an address that a channel must not connect to.</summary>
/// <param name="message">Why, without the address: whoever controls the name must not learn the network from it.</param>
internal sealed class AddressRefusedException(string message) : IOException(message);
