namespace BinAuthz.Alerting.Channels;

/// <summary>One POST to a service.</summary>
/// <param name="Address">Where to; may be a secret.</param>
/// <param name="Body">What.</param>
/// <param name="ContentType">Its media type.</param>
internal sealed record ChannelRequest(Uri Address, byte[] Body, string ContentType)
{
    /// <summary>Further headers.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>What must not be in any error or log.</summary>
    public IReadOnlyList<string> Secrets { get; init; } = [];

    // A record would print address and headers, which are secrets.
    public override string ToString() => $"POST of {Body.Length} bytes";
}
