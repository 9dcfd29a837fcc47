using System.Text.RegularExpressions;
using BinAuthz.Yaml;

namespace BinAuthz.Alerting.Reading;

/// <summary>Reads the environments of an alert policy.</summary>
/// <param name="reader">Takes values and collects errors.</param>
/// <param name="project">Reads a project id; null, and an error, when it is none.</param>
internal sealed partial class EnvironmentReader(YamlReader reader, Func<YamlValue, string, string?> project)
{
    /// <summary>The environments in the order of the file. No workload may belong to two of them.</summary>
    public IReadOnlyList<AlertEnvironment> Read(YamlValue section)
    {
        var found = new List<AlertEnvironment>();
        foreach (var (at, name, value) in reader.Named(section, "environments", "production: {projects: [acme-prod]}"))
        {
            if (!EnvironmentName().IsMatch(name))
            {
                reader.Error(at, $"'{name}' is not an environment name: lower-case letters, digits and dashes, 30 at most, starting with a letter.", "Write production.");
            }

            found.Add(Environment(at, name, value, found));
        }

        return found;
    }

    private AlertEnvironment Environment(YamlValue at, string name, YamlValue value, IReadOnlyList<AlertEnvironment> others)
    {
        var what = $"environments.{name}";
        var values = reader.Mapping(value, what, "projects", "clusters");
        var projects = reader.Required(values, value, "projects", "Write projects: [acme-prod].") is { } list
            ? reader.Texts(list, $"{what}.projects", "acme-prod").Select(each => project(each.At, $"An entry of {what}.projects")).OfType<string>().ToArray()
            : [];
        var clusters = values.TryGetValue("clusters", out var section) ? reader.Texts(section, $"{what}.clusters", "us-central1.prod") : [];
        foreach (var (place, cluster) in clusters)
        {
            Check(place, cluster, projects, others);
        }

        if (clusters.Count == 0 && others.FirstOrDefault(other => other.Clusters.Count == 0 && other.Projects.Intersect(projects).Any()) is { } twin)
        {
            reader.Error(at, $"{name} and {twin.Name} both have every cluster of {twin.Projects.Intersect(projects).First()} that no environment names.", "Name the clusters of one of them.");
        }

        return new AlertEnvironment(name, projects, [.. clusters.Select(cluster => cluster.Text)]);
    }

    private void Check(YamlValue at, string cluster, IReadOnlyList<string> projects, IReadOnlyList<AlertEnvironment> others)
    {
        if (!ClusterName().IsMatch(cluster))
        {
            reader.Error(at, $"'{cluster}' is not a cluster as Binary Authorization names them.", "Write LOCATION.NAME, such as us-central1.prod.");
        }

        if (others.FirstOrDefault(other => other.Clusters.Contains(cluster) && other.Projects.Intersect(projects).Any()) is { } owner)
        {
            reader.Error(at, $"The cluster '{cluster}' belongs to {owner.Name} already, which has the same project.", "Let it belong to one environment.");
        }
    }

    [GeneratedRegex(@"\A[a-z][a-z0-9-]{0,29}\z")]
    private static partial Regex EnvironmentName();

    [GeneratedRegex(@"\A[a-z][a-z0-9-]*\.[a-z][a-z0-9-]*\z")]
    private static partial Regex ClusterName();
}
