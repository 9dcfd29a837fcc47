using System.Text.RegularExpressions;

namespace BinAuthz.Emulator.Cluster;

/// <summary>A GKE cluster: its project, its location and its own name.</summary>
internal sealed partial record ClusterName(string Project, string Location, string Name)
{
    /// <summary>How the rules of a policy name the cluster: <c>us-central1.prod</c>.</summary>
    public string RuleKey => $"{Location}.{Name}";

    /// <summary>The name of parts that have the form of one, or null.</summary>
    public static ClusterName? Of(string? project, string? location, string? name) =>
        ProjectId().IsMatch(project ?? "") && Label().IsMatch(location ?? "") && Label().IsMatch(name ?? "") ? new ClusterName(project!, location!, name!) : null;

    /// <summary>The name that <see cref="ToString"/> wrote.</summary>
    public static ClusterName? Parse(string text) => text.Split('/') is ["projects", var project, "locations", var location, "clusters", var name] ? Of(project, location, name) : null;

    public override string ToString() => $"projects/{Project}/locations/{Location}/clusters/{Name}";

    [GeneratedRegex(@"^[a-z][a-z0-9.:-]{0,62}\z")]
    private static partial Regex ProjectId();

    [GeneratedRegex(@"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\z")]
    private static partial Regex Label();
}
