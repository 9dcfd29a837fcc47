using System.Text.Json.Nodes;

namespace BinAuthz.Rotation;

/// <summary>What a run did, for programs.</summary>
internal static class RotationReportJson
{
    /// <summary>The document.</summary>
    public static JsonObject Of(RotationReport report) => new()
    {
        ["attestor"] = report.State.Attestor.Name.ToString(),
        ["key"] = report.State.Key.ToString(),
        ["performed"] = new JsonArray([.. report.Performed.Select(Of)]),
        ["next"] = Of(report.Next),
        ["blocked"] = report.Next is RotationStep.Blocked,
        ["warnings"] = new JsonArray([.. report.Warnings.Select(warning => JsonValue.Create(warning))]),
    };

    /// <summary>One step: its word, why, and when it is due, which is null for at once.</summary>
    public static JsonObject Of(RotationStep step) => new()
    {
        ["step"] = step.Code,
        ["detail"] = step.Detail,
        ["at"] = RotationStatus.NextOf(step) is { } at ? Rfc3339.Write(at) : null,
    };
}
