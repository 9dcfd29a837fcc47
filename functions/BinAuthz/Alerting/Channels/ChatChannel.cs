using BinAuthz.Alerting.Secrets;

namespace BinAuthz.Alerting.Channels;

/// <summary>A chat service whose incoming webhook takes a message; the address is the secret.</summary>
/// <param name="name">The name in the alert policy.</param>
/// <param name="url">Where the address is kept.</param>
/// <param name="message">The message for an alert.</param>
/// <param name="secrets">Reads the address.</param>
/// <param name="http">Posts.</param>
internal abstract class ChatChannel(string name, SecretReference url, Func<Alert, byte[]> message, AlertSecrets secrets, ChannelHttp http) : HttpChannel(name, secrets, http)
{
    protected override IReadOnlyList<SecretReference> References => [url];

    protected override byte[] Body(Alert alert, IReadOnlyList<string> values) => message(alert);

    protected override ChannelRequest Request(byte[] body, IReadOnlyList<string> values) => new(Address(values[0]), body, Json) { Secrets = values };
}
