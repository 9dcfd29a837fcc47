using BinAuthz.GoogleCloud;

namespace BinAuthz.Checkup.Checks;

/// <summary>The topics that an environment uses, by their full names.</summary>
internal static class ProjectTopics
{
    /// <summary>Told of every decision.</summary>
    public static string Decisions(CheckupRequest request) => DecisionsTopic.Default(request.Project, request.Environment.Name).Name;

    /// <summary>Told of every denial.</summary>
    public static string Alerts(CheckupRequest request) => AlertsTopic.Of(request.Project, request.Environment.Name);

    /// <summary><see cref="EventTopics.Resign"/>.</summary>
    public static string Resign(CheckupRequest request) => EventTopics.Resign(request.Project, request.Environment.Name);

    /// <summary><see cref="EventTopics.Findings"/>.</summary>
    public static string Findings(CheckupRequest request) => EventTopics.Findings(request.Project, request.Environment.Name);

    /// <summary><see cref="EventTopics.Audit"/>.</summary>
    public static string Audit(CheckupRequest request) => EventTopics.Audit(request.Project, request.Environment.Name);

    /// <summary><see cref="EventTopics.DeadLetters"/>.</summary>
    public static string DeadLetters(CheckupRequest request) => EventTopics.DeadLetters(request.Project, request.Environment.Name).Topic;

    /// <summary><see cref="EventTopics.Pushes"/>.</summary>
    public static string Pushes(CheckupRequest request) => Topic(request, EventTopics.Pushes);

    /// <summary><see cref="EventTopics.Occurrences"/>.</summary>
    public static string Occurrences(CheckupRequest request) => Topic(request, EventTopics.Occurrences);

    /// <summary><see cref="EventTopics.Denials"/>.</summary>
    public static string Denials(CheckupRequest request) => Topic(request, EventTopics.Denials);

    /// <summary><see cref="EventTopics.PushEntries"/>.</summary>
    public static string PushEntries(CheckupRequest request) => Topic(request, EventTopics.PushEntries);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All(CheckupRequest request) =>
        [Decisions(request), Alerts(request), Resign(request), Findings(request), Audit(request), DeadLetters(request), Pushes(request), Occurrences(request), Denials(request), PushEntries(request)];

    private static string Topic(CheckupRequest request, string id) => $"projects/{request.Project}/topics/{id}";
}
