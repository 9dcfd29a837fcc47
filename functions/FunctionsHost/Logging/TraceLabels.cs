using System.Diagnostics;

namespace Google.Cloud.Functions.Logging;

/// <summary>What is known of the event being handled: kept on the request's activity, so that traces and every log line of the request have it.</summary>
internal static class TraceLabels
{
    public const string EventId = "cloudevents.event_id";
    public const string EventType = "cloudevents.event_type";
    public const string ExecutionId = "faas.invocation_id";

    /// <summary>Tags of an activity, and the labels that log lines give them.</summary>
    public static readonly (string Tag, string Label)[] All =
    [
        (ExecutionId, "execution_id"),
        (EventId, "event_id"),
        (EventType, "event_type"),
    ];

    public static void Set(Activity? activity, string tag, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            activity?.SetTag(tag, value);
        }
    }
}
