using System.Text.Json.Nodes;

namespace BinAuthz.Emulator.Cluster;

/// <summary>The conditions in a status.</summary>
internal static class Conditions
{
    /// <summary>Sets a condition; its times change only when it does.</summary>
    public static void Set(JsonObject status, string type, bool value, string reason, string message, string now)
    {
        var truth = value ? "True" : "False";
        var list = status["conditions"] as JsonArray;
        var known = list.Items().FirstOrDefault(condition => condition.Text("type") == type);
        if (known is not null && known.Text("status") == truth && known.Text("reason") == reason && known.Text("message") == message)
        {
            return;
        }

        Remove(status, type);
        var condition = new JsonObject
        {
            ["type"] = type,
            ["status"] = truth,
            ["lastUpdateTime"] = now,
            ["lastTransitionTime"] = now,
            ["reason"] = reason,
            ["message"] = message,
        };
        if (status["conditions"] is JsonArray kept)
        {
            kept.Add((JsonNode)condition);
        }
        else
        {
            status["conditions"] = new JsonArray(condition);
        }
    }

    public static void Remove(JsonObject status, string type)
    {
        if (status["conditions"] is JsonArray list && list.Items().FirstOrDefault(condition => condition.Text("type") == type) is { } known)
        {
            list.Remove(known);
        }
    }
}
