using BinAuthz.GoogleCloud;

namespace BinAuthz.Checkup.Checks;

/// <summary>The topics that an environment uses, by their full names.</summary>
internal static class ProjectTopics
{
    /// <summary>Told of every decision.</summary>
    public static string Decisions(CheckupRequest request) => DecisionsTopic.Default(request.Project, request.Environment.Name).Name;

    /// <summary>Told of every denial.</summary>
    public static string Alerts(CheckupRequest request) => Topic(request, $"{request.Environment}-alerts");

    /// <summary>Artifact Registry announces pushes there; it is not made by itself (docs: artifact-registry/docs/configure-notifications).</summary>
    public static string Pushes(CheckupRequest request) => Topic(request, "gcr");

    /// <summary>Container Analysis announces provenance, scans and attestations there (docs: artifact-analysis/docs/configure-notifications).</summary>
    public static string Occurrences(CheckupRequest request) => Topic(request, "container-analysis-occurrences-v1");

    /// <summary>The sink copies denials there.</summary>
    public static string Denials(CheckupRequest request) => Topic(request, "binauthz-denials");

    /// <summary>A sink may copy the audit entries of pushes there.</summary>
    public static string PushEntries(CheckupRequest request) => Topic(request, "binauthz-pushes");

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All(CheckupRequest request) =>
        [Decisions(request), Alerts(request), Pushes(request), Occurrences(request), Denials(request), PushEntries(request)];

    private static string Topic(CheckupRequest request, string id) => $"projects/{request.Project}/topics/{id}";
}
