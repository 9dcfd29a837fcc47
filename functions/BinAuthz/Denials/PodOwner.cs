using System.Buffers;
using System.Text.Json;
using BinAuthz.Approval.Pushes;

namespace BinAuthz.Denials;

/// <summary>What pods belong to, so that replicas and retries are seen as one.</summary>
internal static class PodOwner
{
    private const int GeneratedLength = 5;

    // The alphabet of Kubernetes' generated names: no vowels, and nothing that looks like another character.
    private static readonly SearchValues<char> Generated = SearchValues.Create("bcdfghjklmnpqrstvwxz2456789");

    /// <summary>
    /// <c>Kind/name</c> of the owner. The pods of a Deployment are owned by a ReplicaSet, whose name is the Deployment's and the
    /// pods' label <c>pod-template-hash</c>, which every Deployment sets (docs: kubernetes.io/docs/concepts/workloads/controllers/deployment).
    /// Where the label is missing or another, as in pods of Argo's Rollouts, the ReplicaSet is named. A CronJob's pods belong to
    /// a Job of each run, and the entry tells no more.
    /// </summary>
    /// <param name="metadata">The pod's metadata.</param>
    /// <param name="podName">The pod's name where the metadata has none; may be empty.</param>
    public static string Of(JsonElement metadata, string podName)
    {
        var controller = metadata.Items("ownerReferences").FirstOrDefault(owner => owner.Member("controller").ValueKind == JsonValueKind.True);
        var (kind, name) = (controller.Text("kind"), controller.Text("name"));
        if (kind.Length == 0 || name.Length == 0)
        {
            return OfNobody(metadata, podName);
        }

        var ending = $"-{metadata.Member("labels").Text("pod-template-hash")}";
        return kind == "ReplicaSet" && ending.Length > 1 && name.Length > ending.Length && name.EndsWith(ending, StringComparison.Ordinal)
            ? Name("Deployment", name[..^ending.Length])
            : Name(kind, name);
    }

    /// <summary>The pod itself when only its name is known, without the random ending that controllers give their pods.</summary>
    public static string OfPodNamed(string name)
    {
        var dash = name.LastIndexOf('-');
        var isGenerated = dash > 0 && name.Length - dash - 1 == GeneratedLength && name.AsSpan(dash + 1).IndexOfAnyExcept(Generated) < 0;
        return name.Length == 0 ? "" : Name("Pod", isGenerated ? name[..(dash + 1)] : name);
    }

    private static string OfNobody(JsonElement metadata, string podName)
    {
        var name = new[] { metadata.Text("name"), podName, metadata.Text("generateName") }.FirstOrDefault(each => each.Length > 0);
        return name is null ? "" : Name("Pod", name);
    }

    private static string Name(string kind, string name) => LoggedText.Cut($"{kind}/{name}", LoggedText.MaximumName);
}
