using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace BinAuthz.Approval.Provenance;

/// <summary>An in-toto statement with SLSA provenance, as far as it is compared. What is absent is null, never a default.</summary>
/// <remarks>Predicates other than SLSA v1 and v0.1 are not read: <see cref="Build"/> says nothing then.</remarks>
internal sealed record SlsaStatement(string? StatementType, string? PredicateType, IReadOnlyList<string> SubjectDigests, BuildClaims Build)
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <summary>Reads the payload of an envelope; call only after its signature was verified.</summary>
    public static bool TryParse(ReadOnlyMemory<byte> payload, [NotNullWhen(true)] out SlsaStatement? statement, [NotNullWhen(false)] out string? error)
    {
        (statement, error) = (null, null);
        try
        {
            using var document = JsonDocument.Parse(payload, Strict);
            statement = Read(document.RootElement);
            return true;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The latter is thrown for text that is not UTF-8.
            error = e.Message;
            return false;
        }
    }

    private static SlsaStatement Read(JsonElement root)
    {
        var predicateType = StatementJson.Text(StatementJson.Find(root, "predicateType"));
        var predicate = StatementJson.Find(root, "predicate");
        return new SlsaStatement(
            StatementJson.Text(StatementJson.Find(root, "_type")),
            predicateType,
            [.. StatementJson.Items(StatementJson.Find(root, "subject")).Select(subject => StatementJson.Text(StatementJson.Find(subject, "digest", "sha256"))).Where(hex => !string.IsNullOrEmpty(hex)).OfType<string>()],
            predicateType switch
            {
                SlsaV1Build.PredicateType => SlsaV1Build.Read(predicate),
                SlsaV01Build.PredicateType => SlsaV01Build.Read(predicate),
                _ => new BuildClaims(null, null, [], [], null),
            });
    }
}
