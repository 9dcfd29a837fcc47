using BinAuthz.Alerting.Secrets;

namespace BinAuthz.Alerting.Channels;

/// <summary>A webhook of the Workflows app of Microsoft Teams.</summary>
/// <param name="Name">The channel's name.</param>
/// <param name="Url">The webhook's address.</param>
/// <param name="AllowPrivate">Whether it may be in a private network.</param>
internal sealed record TeamsSettings(string Name, SecretReference Url, bool AllowPrivate) : ChannelSettings(Name)
{
    /// <inheritdoc />
    public override IEnumerable<SecretReference> Secrets => [Url];
}
