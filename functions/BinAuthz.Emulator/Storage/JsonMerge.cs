using System.Text.Json.Nodes;

namespace BinAuthz.Emulator.Storage;

/// <summary>A patch as Cloud Storage applies it: objects are merged, null removes, everything else replaces.</summary>
internal static class JsonMerge
{
    public static void Apply(JsonObject target, JsonObject changes)
    {
        foreach (var (name, value) in changes)
        {
            if (value is null)
            {
                target.Remove(name);
            }
            else if (value is JsonObject inner && target[name] is JsonObject existing)
            {
                Apply(existing, inner);
            }
            else
            {
                target[name] = value.DeepClone();
            }
        }
    }
}
