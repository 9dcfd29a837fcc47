namespace BinAuthz.GoogleCloud;

/// <summary>The Pub/Sub topics that are told of every alert.</summary>
internal static class AlertsTopic
{
    /// <summary>The topic of an environment, <c>projects/P/topics/ENVIRONMENT-alerts</c>.</summary>
    public static string Of(string project, string environment) => $"projects/{project}/topics/{environment}-alerts";
}
