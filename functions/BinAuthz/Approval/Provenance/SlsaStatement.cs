using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace BinAuthz.Approval.Provenance;

/// <summary>An in-toto statement with a SLSA v1 predicate, as far as it is compared. What is absent is null, never a default.</summary>
/// <remarks>The older predicates that Cloud Build also writes (v0.1, v0.2) are not read: they are signed by another key, too.</remarks>
internal sealed record SlsaStatement(
    string? StatementType, string? PredicateType, IReadOnlyList<string> SubjectDigests, string? BuilderId, string? BuildType, IReadOnlyList<string> Sources)
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    // Where Cloud Build names repositories: the one of the build configuration, and the one that is built when it differs.
    private static readonly string[] SourceFields = ["buildConfigSource", "sourceToBuild"];

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
        catch (JsonException e)
        {
            error = e.Message;
            return false;
        }
    }

    private static SlsaStatement Read(JsonElement root)
    {
        var definition = Find(root, "predicate", "buildDefinition");
        var parameters = Find(definition, "externalParameters");
        return new SlsaStatement(
            Text(Find(root, "_type")),
            Text(Find(root, "predicateType")),
            [.. DigestsOf(Find(root, "subject"))],
            Text(Find(root, "predicate", "runDetails", "builder", "id")),
            Text(Find(definition, "buildType")),
            [.. SourcesOf(parameters)]);
    }

    private static IEnumerable<string> DigestsOf(JsonElement? subjects) =>
        subjects is { ValueKind: JsonValueKind.Array } array
            ? array.EnumerateArray().Select(subject => Text(Find(subject, "digest", "sha256"))).OfType<string>()
            : [];

    // A field that is there and is not text counts as an empty source, which nothing matches.
    private static IEnumerable<string> SourcesOf(JsonElement? parameters) =>
        SourceFields
            .Select(field => Find(parameters, field))
            .OfType<JsonElement>()
            .Select(source => WithoutTransport(Text(Find(source, "repository")) ?? ""));

    private static string WithoutTransport(string repository) =>
        repository.StartsWith("git+", StringComparison.Ordinal) ? repository["git+".Length..] : repository;

    private static JsonElement? Find(JsonElement? element, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            if (element is not { ValueKind: JsonValueKind.Object } value || !value.TryGetProperty(name, out var next))
            {
                return null;
            }

            element = next;
        }

        return element;
    }

    private static string? Text(JsonElement? element) => element is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;
}
