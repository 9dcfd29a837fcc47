using BinAuthz.Alerting.Secrets;

namespace BinAuthz.Alerting.Channels;

/// <summary>An Events API v2 integration of PagerDuty.</summary>
/// <param name="Name">The channel's name.</param>
/// <param name="RoutingKey">The integration key.</param>
/// <param name="Endpoint">Where events are sent, by the account's region.</param>
/// <param name="AllowPrivate">Whether that may be in a private network.</param>
internal sealed record PagerDutySettings(string Name, SecretReference RoutingKey, Uri Endpoint, bool AllowPrivate) : ChannelSettings(Name)
{
    /// <inheritdoc />
    public override IEnumerable<SecretReference> Secrets => [RoutingKey];

    /// <summary>The addresses by region (docs: PagerDuty, service regions).</summary>
    public static IReadOnlyDictionary<string, Uri> Regions { get; } = new Dictionary<string, Uri>
    {
        ["us"] = new("https://events.pagerduty.com/v2/enqueue"),
        ["eu"] = new("https://events.eu.pagerduty.com/v2/enqueue"),
    };
}
