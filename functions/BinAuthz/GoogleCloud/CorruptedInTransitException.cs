namespace BinAuthz.GoogleCloud;

/// <summary>An answer of Cloud KMS did not carry the name or the CRC32C that it must; nothing of it was used.</summary>
public sealed class CorruptedInTransitException(string method, string name)
    : Exception($"{method} for {name} was answered three times with a name or CRC32C that does not fit the request. Nothing was signed or stored; look for a proxy that changes gRPC messages.");
