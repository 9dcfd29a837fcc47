using System.Text.Json;
using System.Text.RegularExpressions;
using BinAuthz.Approval;
using BinAuthz.Approval.Pushes;
using BinAuthz.Images;
using BinAuthz.Signing;

namespace BinAuthz.Functions.Events;

/// <summary>
/// What a message tells about images: Artifact Registry's on the topic <c>gcr</c> (docs: artifact-registry/docs/configure-notifications),
/// Container Analysis' on <c>container-analysis-occurrences-v1</c>, the audit entry of a push, from a log sink or from
/// Eventarc, and what a key rotation asks for on the environment's own topic.
/// </summary>
internal abstract partial record ImageNotification
{
    private ImageNotification()
    {
    }

    /// <summary>A digest was pushed, or given another tag.</summary>
    public sealed record Pushed(ImageReference Image) : ImageNotification;

    /// <summary>Evidence was stored or changed; the occurrence says for which image.</summary>
    public sealed record EvidenceStored(string Occurrence, EvidenceNeeds Kind) : ImageNotification;

    /// <summary>A push, with the one who pushed. By tag it does not say which digest.</summary>
    public sealed record Audited(PushRecord Push) : ImageNotification;

    /// <summary>Images that have an attestation are to be signed with another key version.</summary>
    public sealed record Resign(ResignRequest Request) : ImageNotification;

    /// <summary>What was signed anew for the sake of a revoked version is to be deleted.</summary>
    public sealed record Withdraw(WithdrawRequest Request) : ImageNotification;

    /// <summary>Images are to be weighed as if they had just been pushed.</summary>
    public sealed record Weigh(WeighRequest Request) : ImageNotification;

    /// <summary>Nothing that signing could follow from.</summary>
    public sealed record Nothing(string Reason) : ImageNotification;

    /// <summary>Reads the data of a message.</summary>
    /// <exception cref="UnreadableEventException">It is none of these.</exception>
    public static ImageNotification Read(ReadOnlySpan<byte> data)
    {
        try
        {
            var reader = new Utf8JsonReader(data);
            using var document = JsonDocument.ParseValue(ref reader);
            var root = document.RootElement;
            if (root.ValueKind == JsonValueKind.Object && Text(root, "action") is { } action)
            {
                return ReadPush(action, Text(root, "digest"), Text(root, "tag"));
            }

            if (root.ValueKind == JsonValueKind.Object && Text(root, "name") is { } name && Text(root, "kind") is { } kind)
            {
                return ReadOccurrence(name, kind);
            }

            if (root.ValueKind == JsonValueKind.Object && Text(root, "logName") is not null)
            {
                return ReadLogEntry(root);
            }

            return RotationMessage.Read(root)
                ?? throw new UnreadableEventException("The message is a JSON document, but has neither the field 'action' of an Artifact Registry notification nor 'name' and 'kind' of a Container Analysis one, nor 'logName' of a log entry, nor 'resign', 'weigh' or 'withdraw' of a key rotation.");
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // The latter is thrown for text that is not UTF-8.
            throw new UnreadableEventException($"The message is no JSON document: {error.Message}", error);
        }
    }

    private static ImageNotification ReadPush(string action, string? digest, string? tag)
    {
        if (action != "INSERT")
        {
            return new Nothing($"action {action}");
        }

        if (digest is null)
        {
            return new Nothing("no digest");
        }

        if (tag is not null && SignatureTag().IsMatch(tag))
        {
            return new Nothing($"{tag} is a signature, attestation or SBOM of another image");
        }

        return ImageReference.TryParse(digest, out var image)
            ? new Pushed(image)
            : throw new UnreadableEventException($"The field 'digest' is '{digest}'; a registry, a repository and @sha256: with 64 lower-case hexadecimal digits are expected.");
    }

    private static ImageNotification ReadOccurrence(string name, string kind) => kind switch
    {
        _ when !OccurrenceName().IsMatch(name) => throw new UnreadableEventException($"The field 'name' is '{name}'; projects/PROJECT/occurrences/ID is expected."),
        "BUILD" => new EvidenceStored(name, EvidenceNeeds.Provenance),
        "DISCOVERY" => new EvidenceStored(name, EvidenceNeeds.Scans),
        "ATTESTATION" => new EvidenceStored(name, EvidenceNeeds.Attestations),
        _ => new Nothing($"an occurrence of kind {kind} ends no wait"),
    };

    private static ImageNotification ReadLogEntry(JsonElement entry)
    {
        if (!PushLogEntry.TryRead(entry, out var push))
        {
            return new Nothing("a log entry that does not tell of a push that succeeded");
        }

        return SignatureTag().IsMatch($":{push.Reference}")
            ? new Nothing($"{push.Reference} is a signature, attestation or SBOM of another image")
            : new Audited(push);
    }

    private static string? Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    // cosign keeps what belongs to an image under the tags sha256-HEX.sig, .att and .sbom of the same repository.
    [GeneratedRegex(@":sha256-[0-9a-f]{64}\.(sig|att|sbom)\z")]
    private static partial Regex SignatureTag();

    [GeneratedRegex(@"^projects/[^/]+(/locations/[^/]+)?/occurrences/[^/]+\z")]
    private static partial Regex OccurrenceName();
}
