using System.Text.Json;
using System.Text.RegularExpressions;

namespace BinAuthz.Approval.Provenance;

/// <summary>The commit that provenance says was built, for people; no rule compares it.</summary>
internal static partial class SourceCommit
{
    private static readonly string[] DigestNames = ["gitCommit", "sha1"];

    /// <summary>The commit of the first source.</summary>
    /// <param name="payload">A statement whose signature was verified.</param>
    /// <returns>Empty: it names none.</returns>
    public static string Of(ReadOnlyMemory<byte> payload)
    {
        if (!SlsaStatement.TryParse(payload, out var statement, out _))
        {
            return "";
        }

        using var document = JsonDocument.Parse(payload);
        var predicate = StatementJson.Find(document.RootElement, "predicate");
        // What else a build used stands beside its sources.
        var materials = StatementJson.Items(StatementJson.Find(predicate, "buildDefinition", "resolvedDependencies")).Concat(StatementJson.Items(StatementJson.Find(predicate, "materials")));
        return materials.Where(material => IsSource(material, statement.Build.Sources))
            .SelectMany(material => DigestNames.Select(name => StatementJson.Text(StatementJson.Find(material, "digest", name))))
            .FirstOrDefault(commit => commit is not null && Hash().IsMatch(commit)) ?? "";
    }

    private static bool IsSource(JsonElement material, IReadOnlyList<string> sources) =>
        StatementJson.Text(StatementJson.Find(material, "uri")) is { } uri
        && sources.Any(source => source.Length > 0 && Rest(uri, source) is { } rest && (rest.Length == 0 || rest[0] is '@' or '/' or '#'));

    private static string? Rest(string uri, string source)
    {
        var bare = uri.StartsWith("git+", StringComparison.Ordinal) ? uri["git+".Length..] : uri;
        return bare.StartsWith(source, StringComparison.Ordinal) ? bare[source.Length..] : null;
    }

    [GeneratedRegex(@"\A(?:[0-9a-f]{40}|[0-9a-f]{64})\z")]
    private static partial Regex Hash();
}
