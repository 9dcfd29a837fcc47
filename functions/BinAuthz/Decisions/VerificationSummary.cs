using System.Text.Encodings.Web;
using System.Text.Json;
using BinAuthz.Approval;
using BinAuthz.Attestations;
using BinAuthz.Images;
using BinAuthz.Keys;

namespace BinAuthz.Decisions;

/// <summary>
/// A decision to sign as an in-toto statement v1 with the predicate SLSA verification summary v1 (docs:
/// slsa.dev/spec/v1.0/verification_summary, in-toto.io/Statement/v1).
/// </summary>
/// <param name="Verified">When the decision was made, to the millisecond.</param>
/// <param name="Environment">The approval policy's.</param>
/// <param name="Attestor">Who decided.</param>
/// <param name="Image">What was weighed.</param>
/// <param name="Platforms">The platforms of an index: the decision holds for each of them.</param>
/// <param name="PolicyDigest"><c>sha256:…</c> of the approval policy.</param>
/// <param name="Key">The version that signs the statement and the attestations.</param>
/// <param name="Rules">What every rule said.</param>
internal sealed record VerificationSummary(
    DateTimeOffset Verified,
    string Environment,
    AttestorName Attestor,
    ImageReference Image,
    IReadOnlyList<ImageDigest> Platforms,
    string PolicyDigest,
    KeyVersionName Key,
    IReadOnlyList<RuleResult> Rules)
{
    public const string PayloadType = "application/vnd.in-toto+json";
    public const string StatementType = "https://in-toto.io/Statement/v1";
    public const string PredicateType = "https://slsa.dev/verification_summary/v1";

    /// <summary>Who verified. A name and no address: the project owns no domain.</summary>
    public const string VerifierId = "urn:binauthz:sign-image";

    /// <summary>The extension field; the specification wants a URI for its name, and readers ignore what they do not know.</summary>
    public const string Extension = "urn:binauthz:decision";

    /// <summary>
    /// A rule may demand provenance of a trusted builder, but none measures the build against a SLSA level, so none is
    /// claimed. This value stands for that (docs: slsa.dev/spec/v1.1/verification_summary).
    /// </summary>
    public const string VerifiedLevel = "SLSA_BUILD_LEVEL_UNEVALUATED";

    private const string DigestPrefix = "sha256:";

    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>What was signed anew for its sake; null: approval was weighed.</summary>
    public ResignedFrom? ResignedFrom { get; init; }

    /// <summary>The statement's bytes: the same for the same decision, always.</summary>
    public byte[] ToBytes()
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>(4096);
        using (var writer = new Utf8JsonWriter(buffer, Readable))
        {
            writer.WriteStartObject();
            writer.WriteString("_type", StatementType);
            writer.WriteStartArray("subject");
            foreach (var subject in Platforms.Prepend(Image.Digest).Distinct().Select(Image.WithDigest))
            {
                writer.WriteStartObject();
                writer.WriteString("name", subject.ToString());
                WriteDigest(writer, subject.Digest.Value);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteString("predicateType", PredicateType);
            writer.WriteStartObject("predicate");
            WritePredicate(writer);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private void WritePredicate(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("verifier");
        writer.WriteString("id", VerifierId);
        writer.WriteStartObject("version");
        writer.WriteString("binauthz", typeof(VerificationSummary).Assembly.GetName().Version?.ToString(3) ?? "0");
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteString("timeVerified", Rfc3339.Write(Verified));
        writer.WriteString("resourceUri", Image.ResourceUri);
        writer.WriteStartObject("policy");
        writer.WriteString("uri", $"urn:binauthz:approval-policy:{Environment}");
        WriteDigest(writer, PolicyDigest);
        writer.WriteEndObject();
        WriteInputs(writer);
        writer.WriteString("verificationResult", "PASSED");
        writer.WriteStartArray("verifiedLevels");
        writer.WriteStringValue(VerifiedLevel);
        writer.WriteEndArray();
        writer.WriteString("slsaVersion", "1.0");
        writer.WriteStartObject(Extension);
        writer.WriteString("environment", Environment);
        writer.WriteString("attestor", Attestor.ToString());
        writer.WriteString("image", Image.ToString());
        writer.WriteString("keyVersion", Key.ToString());
        RuleJson.Write(writer, "rules", Rules);
        WriteResignedFrom(writer);
        writer.WriteEndObject();
    }

    private void WriteResignedFrom(Utf8JsonWriter writer)
    {
        if (ResignedFrom is not { } from)
        {
            return;
        }

        writer.WriteStartObject("resignedFrom");
        writer.WriteString("keyVersion", from.KeyVersion);
        writer.WriteString("occurrence", from.Occurrence);
        writer.WriteString("digest", from.Digest);
        if (from.Attested is { } attested)
        {
            writer.WriteString("attested", Rfc3339.Write(attested));
        }

        writer.WriteEndObject();
    }

    // All evidence, since the list must be complete if it is there; sorted, because services list in any order.
    private void WriteInputs(Utf8JsonWriter writer)
    {
        writer.WriteStartArray("inputAttestations");
        var resigned = ResignedFrom is { } from ? new EvidenceReference(from.Occurrence, from.Digest) : null;
        var inputs = Rules.SelectMany(rule => rule.Evidence).Concat(resigned is null ? [] : [resigned]).Distinct().OrderBy(each => each.Name, StringComparer.Ordinal).ThenBy(each => each.Digest, StringComparer.Ordinal);
        foreach (var evidence in inputs)
        {
            writer.WriteStartObject();
            writer.WriteString("uri", UriOf(evidence.Name));
            WriteDigest(writer, evidence.Digest);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    // Where the evidence can be fetched: an occurrence from Container Analysis, a part of an image by the image.
    private static string UriOf(string name) =>
        name.Contains("://", StringComparison.Ordinal) ? name
        : name.StartsWith("projects/", StringComparison.Ordinal) && name.Contains("/occurrences/", StringComparison.Ordinal) ? $"https://containeranalysis.googleapis.com/v1/{name}"
        : ImageReference.TryParse(name, out var image) ? image.ResourceUri
        : name;

    private static void WriteDigest(Utf8JsonWriter writer, string digest)
    {
        writer.WriteStartObject("digest");
        writer.WriteString("sha256", digest.StartsWith(DigestPrefix, StringComparison.Ordinal) ? digest[DigestPrefix.Length..] : digest);
        writer.WriteEndObject();
    }
}
