using BinAuthz.Alerting.Secrets;

namespace BinAuthz.Alerting;

/// <summary>How a channel of the alert policy is reached; one kind for each service.</summary>
/// <param name="Name">The channel's name.</param>
internal abstract record ChannelSettings(string Name)
{
    /// <summary>What has to be read before it is.</summary>
    public abstract IEnumerable<SecretReference> Secrets { get; }
}
