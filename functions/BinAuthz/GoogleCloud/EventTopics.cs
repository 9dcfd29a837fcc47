namespace BinAuthz.GoogleCloud;

/// <summary>The ids of the topics whose messages lead to the functions, and the names of those that an environment has for itself.</summary>
internal static class EventTopics
{
    /// <summary>Artifact Registry announces pushes there; it is not made by itself (docs: artifact-registry/docs/configure-notifications).</summary>
    public const string Pushes = "gcr";

    /// <summary>Container Analysis announces provenance, scans and attestations there (docs: artifact-analysis/docs/configure-notifications).</summary>
    public const string Occurrences = "container-analysis-occurrences-v1";

    /// <summary>A sink may copy the audit entries of pushes there.</summary>
    public const string PushEntries = "binauthz-pushes";

    /// <summary>A sink copies the log entries there that are alerted on.</summary>
    public const string Denials = "binauthz-denials";

    /// <summary>The full name of the topic on which the signer of an environment is asked to sign images anew.</summary>
    public static string Resign(string project, string environment) => $"projects/{project}/topics/{environment}-resign";

    /// <summary>The full name of the topic that is told what the audits of an environment find.</summary>
    public static string Findings(string project, string environment) => $"projects/{project}/topics/{environment}-findings";

    /// <summary>The full name of the topic on which instances of the auditor are asked for parts of a large audit.</summary>
    public static string Audit(string project, string environment) => $"projects/{project}/topics/{environment}-audit";

    /// <summary>The full name of the topic on which ends what the functions of an environment could not handle, and of the subscription that keeps it.</summary>
    public static (string Topic, string Subscription) DeadLetters(string project, string environment) =>
        ($"projects/{project}/topics/{environment}-dead-letters", $"projects/{project}/subscriptions/{environment}-dead-letters");
}
