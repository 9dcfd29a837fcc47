using BinAuthz.Alerting.Secrets;

namespace BinAuthz.Alerting.Channels;

/// <summary>An incoming webhook of a Google Chat space.</summary>
/// <param name="Name">The channel's name.</param>
/// <param name="Url">The webhook's address.</param>
/// <param name="AllowPrivate">Whether it may be in a private network.</param>
internal sealed record GoogleChatSettings(string Name, SecretReference Url, bool AllowPrivate) : ChannelSettings(Name)
{
    /// <inheritdoc />
    public override IEnumerable<SecretReference> Secrets => [Url];
}
