namespace BinAuthz.GoogleCloud;

/// <summary>An answer is not what it must be by its own checksum or digest; nothing of it was used.</summary>
/// <param name="message">What was asked for, how the answer differs, and the remedy.</param>
public sealed class CorruptedInTransitException(string message) : Exception(message)
{
    /// <summary>Cloud KMS, which was asked three times.</summary>
    internal CorruptedInTransitException(string method, string name)
        : this($"{method} for {name} was answered three times with a name or CRC32C that does not fit the request. Nothing was signed or stored; look for a proxy that changes gRPC messages.")
    {
    }
}
