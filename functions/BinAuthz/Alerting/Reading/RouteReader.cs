using BinAuthz.Denials;
using BinAuthz.Yaml;

namespace BinAuthz.Alerting.Reading;

/// <summary>Reads the routes of an alert policy.</summary>
/// <param name="reader">Takes values and collects errors.</param>
/// <param name="environments">The names that a route may name.</param>
/// <param name="channels">The channels that a route may name; each has to be named by one.</param>
internal sealed class RouteReader(YamlReader reader, IReadOnlyList<string> environments, IReadOnlyList<DeclaredChannel> channels)
{
    private static readonly string[] Kinds = [.. AlertNames.AllKinds];
    private static readonly string[] Severities = [.. AlertNames.AllSeverities];

    /// <summary>The routes in the order of the file.</summary>
    /// <param name="section">Null: there are none.</param>
    public IReadOnlyList<AlertRoute> Read(YamlValue? section)
    {
        AlertRoute[] routes = section is null ? [] : [.. reader.Items(section, "routes", "channels: [team]").Select(Route)];
        foreach (var channel in channels.Where(channel => !routes.Any(route => route.Channels.Contains(channel.Name))))
        {
            reader.Error(channel.At, $"No route names the channel '{channel.Name}', so it would never be told anything.", $"Write routes: with - channels: [{channel.Name}], or remove the channel.");
        }

        return routes;
    }

    private AlertRoute Route(YamlValue item)
    {
        var values = reader.Mapping(item, "A route", "channels", "environments", "kinds", "minimum");
        var names = reader.Required(values, item, "channels", "Write channels: [team].") is { } list
            ? Known(list, "channels of a route", "channel", [.. channels.Select(channel => channel.Name)])
            : [];
        var places = values.TryGetValue("environments", out var where) ? Known(where, "environments of a route", "environment", environments) : [];
        var kinds = values.TryGetValue("kinds", out var what) ? Known(what, "kinds of a route", "kind", Kinds) : [];
        return new AlertRoute(names, places, [.. kinds.Select(Kind).OfType<FindingKind>()], values.TryGetValue("minimum", out var least) ? Severity(least) : AlertSeverity.Info);
    }

    private string[] Known(YamlValue section, string what, string one, IReadOnlyList<string> known)
    {
        var texts = reader.Texts(section, what, known.Count > 0 ? known[0] : "production");
        foreach (var (at, text) in texts.Where(each => !known.Contains(each.Text)))
        {
            reader.Error(at, $"There is no {one} '{text}'.", known.Count > 0 ? $"Write one of {string.Join(", ", known)}." : $"Declare it under {one}s.");
        }

        return [.. texts.Select(each => each.Text)];
    }

    private AlertSeverity Severity(YamlValue value)
    {
        var severity = AlertSeverity.Info;
        if (reader.Text(value, "minimum", "error") is { } text && !AlertNames.TryParse(text, out severity))
        {
            reader.Error(value, $"'{text}' is not a severity.", $"Write one of {string.Join(", ", Severities)}.");
        }

        return severity;
    }

    private static FindingKind? Kind(string name) => AlertNames.TryParse(name, out FindingKind kind) ? kind : null;
}
