using System.Text.Json.Nodes;
using Authz = Google.Cloud.BinaryAuthorization.V1;

namespace BinAuthz.Policies;

/// <summary>The policy of a project as a document: what gcloud exports and imports, as YAML or JSON.</summary>
/// <param name="Policy">As far as it was understood; whole when there are no <see cref="Faults"/>.</param>
internal sealed record PolicyDocument(Authz.Policy Policy)
{
    /// <summary>What a file may hold in UTF-8: 1 MiB.</summary>
    public const int MaximumBytes = 1 << 20;

    /// <summary>Why the document is no policy, all at once. Such a document may be linted and nothing else.</summary>
    public IReadOnlyList<PolicyFinding> Faults { get; init; } = [];

    /// <summary>Where each value stands, by its JSON path; empty when the policy is from no file.</summary>
    public IReadOnlyDictionary<string, PolicyPlace> Places { get; init; } = new Dictionary<string, PolicyPlace>();

    /// <summary>Reads YAML or JSON; whatever is not understood is a fault, because a rule that is silently dropped admits.</summary>
    public static PolicyDocument Read(string text) => PolicyDocumentReader.Read(text);

    /// <summary>As gcloud exports it, with keys in alphabetical order; a long or multi-line description is written on one line.</summary>
    public string ToYaml() => PolicyYaml.Write(ToJson());

    /// <summary>As gcloud exports it with <c>--format=json</c>.</summary>
    public JsonObject ToJson() => PolicyFields.Write(Policy);

    /// <summary>Where a value stands, or else what holds it.</summary>
    public PolicyPlace? PlaceOf(string path)
    {
        for (var end = path.Length; end > 0; end = path.LastIndexOfAny(['.', '['], end - 1))
        {
            if (Places.TryGetValue(path[..end], out var place))
            {
                return place;
            }
        }

        return null;
    }
}
