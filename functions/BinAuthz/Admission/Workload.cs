namespace BinAuthz.Admission;

/// <summary>What runs pods, as far as admission looks at it.</summary>
/// <param name="Platform">Where it runs.</param>
/// <param name="Kind">As it is written, such as <c>Deployment</c>.</param>
/// <param name="Namespace">Of its pods.</param>
/// <param name="Name">Its name, or <c>generateName</c>; may be empty.</param>
/// <param name="ServiceAccount">Of its pods; <c>default</c> when none is written.</param>
/// <param name="Containers">All of them: init containers, containers, ephemeral containers.</param>
/// <param name="At">Where it stands.</param>
internal sealed record Workload(
    WorkloadPlatform Platform,
    string Kind,
    string Namespace,
    string Name,
    string ServiceAccount,
    IReadOnlyList<WorkloadContainer> Containers,
    SourcePlace At)
{
    /// <summary><c>Kind/name</c> of the controller that owns it, or null.</summary>
    public string? Owner { get; init; }

    /// <summary>The labels of its pods that are texts.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>The annotations of its pods that are texts; for Cloud Run also those of the service or job.</summary>
    public IReadOnlyDictionary<string, string> Annotations { get; init; } = new Dictionary<string, string>();

    public override string ToString() => $"{Kind} {Namespace}/{Name}";
}
