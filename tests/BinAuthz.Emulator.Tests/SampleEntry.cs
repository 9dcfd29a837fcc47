using System.Text.Json.Nodes;

namespace BinAuthz.Emulator.Tests;

/// <summary>Compares a log entry with a sample, field by field.</summary>
internal static class SampleEntry
{
    /// <summary>What is different.</summary>
    /// <param name="sample">The sample.</param>
    /// <param name="entry">The entry.</param>
    /// <param name="differ">Fields that both have, and whose values differ from one entry to the next.</param>
    /// <param name="omitted">Fields that are left out when they have protobuf's default.</param>
    /// <param name="mayHaveMore">The beginnings of fields that the sample need not have.</param>
    public static IReadOnlyList<string> Differences(JsonNode sample, JsonNode entry, string[] differ, string[] omitted, string[] mayHaveMore)
    {
        var (expected, actual) = (Leaves(sample, "").ToDictionary(), Leaves(entry, "").ToDictionary());
        return
        [
            .. expected.Where(leaf => !differ.Contains(leaf.Key) && !(omitted.Contains(leaf.Key) && leaf.Value is "0" or "\"\"") && actual.GetValueOrDefault(leaf.Key) != leaf.Value)
                .Select(leaf => $"{leaf.Key}: {leaf.Value} in the sample, {actual.GetValueOrDefault(leaf.Key) ?? "nothing"} here"),
            .. expected.Keys.Where(path => differ.Contains(path) && !actual.ContainsKey(path)).Select(path => $"{path} is missing"),
            .. actual.Keys.Where(path => !expected.ContainsKey(path) && !mayHaveMore.Any(more => path.StartsWith(more, StringComparison.Ordinal))).Select(path => $"{path} is not in the sample"),
        ];
    }

    // Empty objects are no leaves.
    private static IEnumerable<KeyValuePair<string, string>> Leaves(JsonNode? node, string path) => node switch
    {
        JsonObject json => json.SelectMany(pair => Leaves(pair.Value, path.Length == 0 ? pair.Key : $"{path}.{pair.Key}")),
        JsonArray array => array.SelectMany((item, index) => Leaves(item, $"{path}[{index}]")),
        _ => [KeyValuePair.Create(path, node?.ToJsonString() ?? "null")],
    };
}
