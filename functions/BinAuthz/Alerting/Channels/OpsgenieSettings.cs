using BinAuthz.Alerting.Secrets;

namespace BinAuthz.Alerting.Channels;

/// <summary>An API integration of Opsgenie.</summary>
/// <param name="Name">The channel's name.</param>
/// <param name="ApiKey">The integration's API key.</param>
/// <param name="Endpoint">Where alerts are sent, by the account's region.</param>
/// <param name="AllowPrivate">Whether that may be in a private network.</param>
internal sealed record OpsgenieSettings(string Name, SecretReference ApiKey, Uri Endpoint, bool AllowPrivate) : ChannelSettings(Name)
{
    /// <inheritdoc />
    public override IEnumerable<SecretReference> Secrets => [ApiKey];

    /// <summary>The addresses by region (docs: Opsgenie, API overview).</summary>
    public static IReadOnlyDictionary<string, Uri> Regions { get; } = new Dictionary<string, Uri>
    {
        ["us"] = new("https://api.opsgenie.com/v2/alerts"),
        ["eu"] = new("https://api.eu.opsgenie.com/v2/alerts"),
    };
}
