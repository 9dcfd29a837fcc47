using BinAuthz.Setup;

namespace BinAuthz.Checkup;

/// <summary>What to look at.</summary>
/// <param name="Project">The project id.</param>
/// <param name="Environment">One of the three.</param>
/// <param name="Attestors">The environment's attestors, at least one.</param>
/// <param name="EvidenceBucket">Without <c>gs://</c>.</param>
internal sealed record CheckupRequest(string Project, DeploymentEnvironment Environment, IReadOnlyList<CheckupAttestor> Attestors, string EvidenceBucket)
{
    /// <summary>The one cluster to look at, as <c>LOCATION.NAME</c>; null: every place that the policy has a rule for.</summary>
    public string? Cluster { get; init; }

    /// <summary>An image to look at, by digest or tag; null: none.</summary>
    public string? Image { get; init; }

    /// <summary>Whether a rule of the approval policy asks who pushed, which only audit logs tell.</summary>
    public bool WeighsPushes { get; init; }

    /// <summary>Whether whoever asks is to sign; a pipeline that only looks is not asked what it may do.</summary>
    public bool AsksPermissions { get; init; } = true;

    /// <summary>How long a key is on the attestor before it signs.</summary>
    public TimeSpan PropagationWindow { get; init; } = new BinAuthzOptions().PropagationWindow;

    /// <summary>The command that makes what is missing, and leaves the rest.</summary>
    public string Setup
    {
        get
        {
            var own = Environment.Attestor(Project);
            var location = Attestors[0].Key.Location;
            var further = string.Concat(Attestors.Where(each => each.Name != own && each.Name.Project == Project).Select(each => $" --attestor {each.Name.Id}"));
            return $"`binauthz setup {Project} {Environment}{(location == new BinAuthzOptions().Location ? "" : $" --location {location}")}{further}`";
        }
    }
}
