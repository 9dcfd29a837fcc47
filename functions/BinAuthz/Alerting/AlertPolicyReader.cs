using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.RegularExpressions;
using BinAuthz.Alerting.Reading;
using BinAuthz.Yaml;
using YamlDotNet.Core;

namespace BinAuthz.Alerting;

/// <summary>Reads an alert policy; whatever is not understood is an error, because a route that is silently dropped is silence.</summary>
internal sealed partial class AlertPolicyReader
{
    /// <summary>What a file may hold in UTF-8: 1 MiB.</summary>
    public const int MaximumBytes = 1 << 20;

    private const int DefaultBurst = 20;
    private const int LargestBurst = 1000;
    private static readonly TimeSpan DefaultWindow = TimeSpan.FromHours(1);
    private static readonly TimeSpan LongestWindow = TimeSpan.FromDays(1);

    private readonly YamlReader reader;

    private AlertPolicyReader(YamlReader reader) => this.reader = reader;

    /// <summary>Reads an alert policy file.</summary>
    /// <param name="yaml">The text.</param>
    /// <param name="source">Its name, for errors.</param>
    /// <param name="policy">The policy; null when there are errors.</param>
    /// <param name="errors">Everything that is wrong, in the order of the file.</param>
    public static bool TryParse(string yaml, string source, [NotNullWhen(true)] out AlertPolicy? policy, out IReadOnlyList<ConfigurationError> errors)
    {
        var reader = new YamlReader(source, DateTimeOffset.MinValue);
        policy = null;
        try
        {
            if (Encoding.UTF8.GetByteCount(yaml) > MaximumBytes)
            {
                reader.Error(1, 1, "The file is larger than 1 MiB.", "Write an alert policy.");
            }
            else if (YamlLoader.Load(yaml) is { } root)
            {
                policy = new AlertPolicyReader(reader).Policy(root);
            }
            else
            {
                reader.Error(1, 1, "The file is empty.", "Write project and environments.");
            }
        }
        catch (YamlException e)
        {
            reader.Error((int)e.Start.Line, (int)e.Start.Column, $"The file is not readable YAML: {e.Message}", "Correct the syntax.");
        }

        errors = reader.Errors;
        policy = errors.Count == 0 ? policy : null;
        return policy is not null;
    }

    private AlertPolicy? Policy(YamlValue root)
    {
        var values = reader.Mapping(root, "the alert policy", "project", "environments", "window", "burst", "channels", "routes");
        var project = reader.Required(values, root, "project", "Write project: acme-prod.") is { } id ? Project(id, "project") : null;
        var environments = reader.Required(values, root, "environments", "Write environments: with at least one, such as production: {projects: [acme-prod]}.") is { } all
            ? new EnvironmentReader(reader, Project).Read(all)
            : [];
        var window = values.TryGetValue("window", out var length) ? Window(length) : DefaultWindow;
        var burst = values.TryGetValue("burst", out var count) ? reader.Number(count, "burst", 1, LargestBurst) : DefaultBurst;
        var channels = values.TryGetValue("channels", out var declared) ? new ChannelReader(reader).Read(declared) : [];
        var routes = new RouteReader(reader, [.. environments.Select(environment => environment.Name)], channels)
            .Read(values.GetValueOrDefault("routes"));
        return project is null || window is null || burst is null
            ? null
            : new AlertPolicy(project, environments, window.Value, burst.Value, [.. channels.Select(channel => channel.Settings).OfType<ChannelSettings>()], routes);
    }

    private TimeSpan? Window(YamlValue value)
    {
        var window = reader.Duration(value, "window", "1h");
        if (window > LongestWindow)
        {
            reader.Error(value, "window must not be longer than a day: a summary that late helps nobody.", "Write window: 1h.");
        }

        return window;
    }

    private string? Project(YamlValue value, string what)
    {
        var text = reader.Text(value, what, "acme-prod");
        if (text is not null && !ProjectId().IsMatch(text))
        {
            reader.Error(value, $"'{text}' is not a project id.", "Write the id, not the number and not the display name, such as acme-prod.");
            return null;
        }

        return text;
    }

    [GeneratedRegex(@"\A[a-z][a-z0-9.:-]{0,99}\z")]
    private static partial Regex ProjectId();
}
