using System.Text.Json.Nodes;
using BinAuthz.Policies;
using Spectre.Console;

namespace BinAuthz.Cli.Policies;

/// <summary>Prints what differs between two policies.</summary>
internal static class PolicyChanges
{
    /// <summary>For programs.</summary>
    public static JsonArray ToJson(IEnumerable<PolicyChange> changes) =>
        new([.. changes.Select(change => new JsonObject { ["path"] = change.Path, ["effect"] = Name(change.Effect), ["words"] = change.Words })]);

    /// <summary>A line for each change, with its effect first.</summary>
    public static void Write(IAnsiConsole people, IEnumerable<PolicyChange> changes)
    {
        foreach (var change in changes)
        {
            people.Write(new Text($"{Name(change.Effect),-9} ", new Style(change.Loosens ? Color.Red : change.Effect == PolicyEffect.Tightens ? Color.Green : Color.Grey)));
            people.WriteLine(change.Words);
        }
    }

    private static string Name(PolicyEffect effect) => effect switch
    {
        PolicyEffect.Tightens => "tightens",
        PolicyEffect.Loosens => "loosens",
        PolicyEffect.Replaces => "replaces",
        _ => "neutral",
    };
}
