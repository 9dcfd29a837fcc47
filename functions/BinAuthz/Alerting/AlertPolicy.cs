using BinAuthz.Denials;

namespace BinAuthz.Alerting;

/// <summary>Who is told of what. The alerts topic is told of everything, whatever stands here.</summary>
/// <param name="Project">The project id of the alerts topics, <c>ENVIRONMENT-alerts</c>, and of the evidence bucket.</param>
/// <param name="Environments">At least one; the first also has what belongs to none.</param>
/// <param name="Window">How long the same thing is counted instead of told again.</param>
/// <param name="Burst">How many first alerts, and summaries, of an environment, kind and severity the channels get in a window; the rest go into one digest.</param>
/// <param name="Channels">The channels.</param>
/// <param name="Routes">The routes; an alert goes to the channels of all that fit.</param>
internal sealed record AlertPolicy(
    string Project,
    IReadOnlyList<AlertEnvironment> Environments,
    TimeSpan Window,
    int Burst,
    IReadOnlyList<ChannelSettings> Channels,
    IReadOnlyList<AlertRoute> Routes)
{
    /// <summary>The name of the environment that a finding is about: that of the report if an audit found it, else by project and cluster.</summary>
    public string EnvironmentOf(Finding finding) => finding.Audit is { } audit && Environments.Any(each => each.Name == audit.Environment) ? audit.Environment : EnvironmentOf(finding.Source);

    /// <summary>The names of the channels that an alert goes to.</summary>
    public IReadOnlyList<string> ChannelsFor(Alert alert) =>
        [.. Routes.Where(route => alert.Severity >= route.Minimum
                && (route.Environments.Count == 0 || route.Environments.Contains(alert.Environment))
                && (route.Kinds.Count == 0 || route.Kinds.Contains(alert.Kind)))
            .SelectMany(route => route.Channels).Distinct()];

    private string EnvironmentOf(FindingSource source)
    {
        var environment = Environments.FirstOrDefault(each => each.Projects.Contains(source.Project) && each.Clusters.Contains(source.Place))
            ?? Environments.FirstOrDefault(each => each.Projects.Contains(source.Project) && each.Clusters.Count == 0)
            ?? Environments[0];
        return environment.Name;
    }
}
