using System.Text.RegularExpressions;
using BinAuthz.Alerting.Channels;
using BinAuthz.Alerting.Secrets;
using BinAuthz.Yaml;

namespace BinAuthz.Alerting.Reading;

/// <summary>Reads the channels of an alert policy.</summary>
internal sealed partial class ChannelReader
{
    private const string AllowPrivate = "allowPrivate";
    private const string Example = "slack: {url: {secret: projects/acme-prod/secrets/slack/versions/latest}}";

    private readonly YamlReader reader;
    private readonly SecretReader secrets;
    private readonly EmailReader email;
    private readonly Dictionary<string, Func<string, YamlValue, ChannelSettings?>> services;

    public ChannelReader(YamlReader reader)
    {
        this.reader = reader;
        secrets = new SecretReader(reader);
        email = new EmailReader(reader, secrets);
        services = new()
        {
            ["slack"] = (name, value) => Url(value, "slack", (url, open) => new SlackSettings(name, url, open)),
            ["googleChat"] = (name, value) => Url(value, "googleChat", (url, open) => new GoogleChatSettings(name, url, open)),
            ["teams"] = (name, value) => Url(value, "teams", (url, open) => new TeamsSettings(name, url, open)),
            ["pagerDuty"] = (name, value) => Regional(value, "pagerDuty", "routingKey", PagerDutySettings.Regions, (key, endpoint) => new PagerDutySettings(name, key, endpoint, false)),
            ["opsgenie"] = (name, value) => Regional(value, "opsgenie", "apiKey", OpsgenieSettings.Regions, (key, endpoint) => new OpsgenieSettings(name, key, endpoint, false)),
            ["email"] = email.Read,
            ["webhook"] = Webhook,
        };
    }

    /// <summary>The keys for the services.</summary>
    public IReadOnlyCollection<string> Services => services.Keys;

    /// <summary>The channels in the order of the file.</summary>
    public IReadOnlyList<DeclaredChannel> Read(YamlValue section)
    {
        var found = new List<DeclaredChannel>();
        foreach (var (at, name, value) in reader.Named(section, "channels", $"team: {{{Example}}}"))
        {
            if (!ChannelName().IsMatch(name))
            {
                reader.Error(at, $"'{name}' is not a channel name: letters, digits, - and _, 40 at most, starting with a letter.", "Write team.");
            }

            found.Add(new DeclaredChannel(at, name, Channel(name, value)));
        }

        return found;
    }

    private ChannelSettings? Channel(string name, YamlValue value)
    {
        var values = reader.Mapping(value, $"channels.{name}", [.. services.Keys]);
        if (values.Count > 1 || (values.Count == 0 && value is YamlValue.Mapping { Entries.Count: 0 }))
        {
            reader.Error(value, $"channels.{name} must name one service.", $"Write {Example}, and a channel of its own for each service.");
        }

        return values.Count == 1 && values.Single() is var (service, settings) ? services[service](name, settings) : null;
    }

    private ChannelSettings? Url(YamlValue value, string service, Func<SecretReference, bool, ChannelSettings> make)
    {
        var values = reader.Mapping(value, service, "url", AllowPrivate);
        var url = secrets.Required(values, value, service, "url");
        var open = Open(values);
        return url is null ? null : make(url, open);
    }

    private ChannelSettings? Regional(YamlValue value, string service, string secret, IReadOnlyDictionary<string, Uri> regions, Func<SecretReference, Uri, ChannelSettings> make)
    {
        var values = reader.Mapping(value, service, secret, "region");
        var key = secrets.Required(values, value, service, secret);
        var endpoint = regions["us"];
        if (values.TryGetValue("region", out var region) && reader.Text(region, $"{service}.region", "eu") is { } written && !regions.TryGetValue(written, out endpoint))
        {
            reader.Error(region, $"'{written}' is not a region of {service}.", $"Write {string.Join(" or ", regions.Keys)}.");
        }

        return key is null || endpoint is null ? null : make(key, endpoint);
    }

    private WebhookSettings? Webhook(string name, YamlValue value)
    {
        var values = reader.Mapping(value, "webhook", "url", "key", AllowPrivate);
        var key = secrets.Required(values, value, "webhook", "key");
        var open = Open(values);
        if (reader.Required(values, value, "url", "Write url: https://alerts.example.com/hook, or url: {secret: …} when the address is a secret.") is not { } at)
        {
            return null;
        }

        if (at is not YamlValue.Scalar)
        {
            return secrets.Read(at, "webhook.url") is { } url && key is not null ? new WebhookSettings(name, url, null, key, open) : null;
        }

        return PublicUrl(at, open) is { } shown && key is not null ? new WebhookSettings(name, null, shown, key, open) : null;
    }

    private Uri? PublicUrl(YamlValue value, bool allowPrivate)
    {
        if (reader.Text(value, "webhook.url", "https://alerts.example.com/hook") is not { } text)
        {
            return null;
        }

        var fault = !Uri.TryCreate(text, UriKind.Absolute, out var uri) ? "is not an address" : ChannelAddress.Fault(uri);
        if (fault is not null)
        {
            reader.Error(value, $"webhook.url {fault}.", "Write https://HOST/PATH.");
        }
        else if (!allowPrivate && (uri!.IsLoopback || (System.Net.IPAddress.TryParse(uri.Host.Trim('[', ']'), out var address) && !PublicAddress.Is(address))))
        {
            reader.Error(value, "webhook.url is not on the public internet.", $"Write {AllowPrivate}: true, if that is meant.");
        }

        return uri;
    }

    private bool Open(Dictionary<string, YamlValue> values) => values.TryGetValue(AllowPrivate, out var value) && reader.Boolean(value, AllowPrivate);

    [GeneratedRegex(@"\A[A-Za-z][A-Za-z0-9_-]{0,39}\z")]
    private static partial Regex ChannelName();
}
