namespace BinAuthz.Emulator.Cluster;

/// <summary>A kind of object that the cluster serves.</summary>
/// <param name="group">The API group, empty for the core.</param>
/// <param name="kind">Such as <c>Deployment</c>.</param>
/// <param name="plural">Such as <c>deployments</c>.</param>
internal sealed class KubernetesKind(string group, string kind, string plural)
{
    public string Group => group;

    public string Kind => kind;

    public string Plural => plural;

    public string Singular { get; } = kind.ToLowerInvariant();

    /// <summary>Every kind here is at v1.</summary>
    public string ApiVersion { get; } = group.Length == 0 ? "v1" : $"{group}/v1";

    /// <summary>As errors name it: <c>deployments.apps</c>.</summary>
    public string Resource { get; } = group.Length == 0 ? plural : $"{plural}.{group}";

    /// <summary>As the audit log names it: <c>apps/v1</c>, <c>core/v1</c>.</summary>
    public string AuditGroup { get; } = group.Length == 0 ? "core" : group;

    public bool Namespaced { get; init; } = true;

    public IReadOnlyList<string> ShortNames { get; init; } = [];

    /// <summary>Whether <c>kubectl get all</c> shows it.</summary>
    public bool InAll { get; init; }

    /// <summary>Whether it has the subresource <c>scale</c>.</summary>
    public bool Scales { get; init; }

    public override string ToString() => kind;
}
