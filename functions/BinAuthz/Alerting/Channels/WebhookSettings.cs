using BinAuthz.Alerting.Secrets;

namespace BinAuthz.Alerting.Channels;

/// <summary>A server of one's own.</summary>
/// <param name="Name">The channel's name.</param>
/// <param name="Url">Its address, where that is a secret; else null.</param>
/// <param name="PublicUrl">Its address, where that is none; else null.</param>
/// <param name="Key">What signs the messages; at least 16 characters.</param>
/// <param name="AllowPrivate">Whether it may be in a private network.</param>
internal sealed record WebhookSettings(string Name, SecretReference? Url, Uri? PublicUrl, SecretReference Key, bool AllowPrivate) : ChannelSettings(Name)
{
    /// <inheritdoc />
    public override IEnumerable<SecretReference> Secrets => Url is null ? [Key] : [Key, Url];
}
