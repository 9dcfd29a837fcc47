namespace BinAuthz.Alerting;

/// <summary>Which log entries are about an environment.</summary>
/// <param name="Name">Such as <c>production</c>.</param>
/// <param name="Projects">The project ids of its workloads and trust roots.</param>
/// <param name="Clusters">Its clusters, <c>LOCATION.NAME</c>; empty: every cluster of its projects that no environment names.</param>
internal sealed record AlertEnvironment(string Name, IReadOnlyList<string> Projects, IReadOnlyList<string> Clusters);
