using System.Text.Json;
using System.Text.RegularExpressions;

namespace BinAuthz.Approval.Provenance;

/// <summary>
/// Reads a SLSA v0.1 predicate as Cloud Build writes it beside v1: <c>recipe.type</c> is the build type, <c>materials</c>
/// are the sources, and <c>recipe.arguments</c> is the build resource (shapes: slsa-verifier, verifiers/internal/gcb).
/// </summary>
/// <remarks>
/// Branch and tag stand in the build's substitutions only, and whoever submits a build by hand may set those: v1 says more.
/// The trigger is the build's <c>buildTriggerId</c>, which nobody but Cloud Build sets, and never the substitution TRIGGER_NAME.
/// </remarks>
internal static partial class SlsaV01Build
{
    public const string PredicateType = "https://slsa.dev/provenance/v0.1";

    private const string BuildResource = "type.googleapis.com/google.devtools.cloudbuild.v1.Build";

    // The namespaces of the recipe types: GoogleHostedWorker@v0.2, CloudBuildYaml@v0.1, CloudBuildSteps@v0.1.
    private const string RecipeTypes = "https://cloudbuild.googleapis.com/";

    /// <summary>Whether a build type of a policy asks for this predicate.</summary>
    public static bool IsRecipeType(string? buildType) => buildType?.StartsWith(RecipeTypes, StringComparison.Ordinal) == true;

    public static BuildClaims Read(JsonElement? predicate)
    {
        var recipe = StatementJson.Find(predicate, "recipe");
        var arguments = StatementJson.Find(recipe, "arguments");
        var isBuild = StatementJson.Text(StatementJson.Find(arguments, "@type")) == BuildResource;
        (string Source, string? Ref)[] materials = [.. StatementJson.Items(StatementJson.Find(predicate, "materials")).Select(Material)];
        return new BuildClaims(
            StatementJson.Text(StatementJson.Find(predicate, "builder", "id")),
            StatementJson.Text(StatementJson.Find(recipe, "type")),
            [.. materials.Select(material => material.Source)],
            [.. isBuild ? SubstitutedRefs(StatementJson.Find(arguments, "substitutions")) : [], .. materials.Select(material => material.Ref).OfType<string>()],
            isBuild ? StatementJson.Text(StatementJson.Find(arguments, "buildTriggerId")) : null);
    }

    private static IEnumerable<string> SubstitutedRefs(JsonElement? substitutions)
    {
        foreach (var (name, space) in new[] { ("TAG_NAME", "refs/tags/"), ("BRANCH_NAME", "refs/heads/") })
        {
            if (StatementJson.Find(substitutions, name) is { } value)
            {
                yield return StatementJson.Text(value) is { Length: > 0 } text ? space + text : "";
            }
        }
    }

    // "https://github.com/o/r/commit/HASH", "git+https://github.com/o/r", "git+https://github.com/o/r@refs/heads/main", or "gs://…".
    private static (string Source, string? Ref) Material(JsonElement material)
    {
        var uri = StatementJson.Text(StatementJson.Find(material, "uri")) ?? "";
        return GitMaterial().Match(uri) is { Success: true } match
            ? (match.Groups["repository"].Value, match.Groups["ref"] is { Success: true } named ? named.Value : null)
            : (uri, null);
    }

    [GeneratedRegex(@"\A(?:git\+)?(?<repository>https://[^@?#]+?)(?:/commit/[0-9a-f]{40}|@(?<ref>refs/.+|[0-9a-f]{40}))?\z")]
    private static partial Regex GitMaterial();
}
