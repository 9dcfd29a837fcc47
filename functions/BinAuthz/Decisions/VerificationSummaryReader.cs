using System.Text.Json;
using BinAuthz.Attestations;
using BinAuthz.Images;
using BinAuthz.Keys;

namespace BinAuthz.Decisions;

/// <summary>Reads a verification summary back. Only what a trusted key signed may come here.</summary>
internal static class VerificationSummaryReader
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <summary>Reads the bytes of a statement.</summary>
    /// <exception cref="FormatException">It is no verification summary of this signer that says PASSED; the message says why.</exception>
    public static VerificationSummary Read(ReadOnlyMemory<byte> statement)
    {
        try
        {
            using var document = JsonDocument.Parse(statement, Strict);
            return Read(document.RootElement);
        }
        catch (JsonException error)
        {
            throw new FormatException($"it is not JSON: {error.Message}", error);
        }
    }

    private static VerificationSummary Read(JsonElement root)
    {
        Demand(root, "_type", VerificationSummary.StatementType);
        Demand(root, "predicateType", VerificationSummary.PredicateType);
        var predicate = JsonFields.Get(root, "predicate");
        Demand(JsonFields.Get(predicate, "verifier"), "id", VerificationSummary.VerifierId);
        Demand(predicate, "verificationResult", "PASSED");
        var decision = JsonFields.Get(predicate, VerificationSummary.Extension);
        var image = ImageReference.Parse(JsonFields.Text(decision, "image"));
        var subjects = JsonFields.Array(JsonFields.Get(root, "subject")).Select(Digest).ToArray();
        return new VerificationSummary(
            Rfc3339.Read(JsonFields.Text(predicate, "timeVerified")),
            JsonFields.Text(decision, "environment"),
            AttestorName.Parse(JsonFields.Text(decision, "attestor")),
            subjects.Contains(image.Digest) ? image : throw new FormatException($"its subjects do not name {image.Digest}"),
            [.. subjects.Where(subject => subject != image.Digest)],
            Digest(JsonFields.Get(predicate, "policy")).Value,
            KeyVersionName.Parse(JsonFields.Text(decision, "keyVersion")),
            RuleJson.Read(JsonFields.Get(decision, "rules")))
        {
            ResignedFrom = decision.TryGetProperty("resignedFrom", out var from) ? ReadSource(from) : null,
        };
    }

    private static ResignedFrom ReadSource(JsonElement from) => new(
        JsonFields.Text(from, "keyVersion"),
        JsonFields.Text(from, "occurrence"),
        JsonFields.Text(from, "digest"),
        from.TryGetProperty("attested", out _) ? Rfc3339.Read(JsonFields.Text(from, "attested")) : null);

    private static ImageDigest Digest(JsonElement descriptor) => ImageDigest.Parse($"sha256:{JsonFields.Text(JsonFields.Get(descriptor, "digest"), "sha256")}");

    private static void Demand(JsonElement json, string name, string value)
    {
        if (JsonFields.Text(json, name) is var found && found != value)
        {
            throw new FormatException($"its {name} is '{found}', not '{value}'");
        }
    }
}
