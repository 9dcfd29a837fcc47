using System.Text.Json;

namespace BinAuthz.Approval.Provenance;

/// <summary>
/// Reads a SLSA v1 predicate: by Cloud Build (docs: build/gcb-buildtypes/google-worker/v1) or of a GitHub workflow
/// (docs: actions.github.io/buildtypes/workflow/v1). Other build types are read as Cloud Build's.
/// </summary>
/// <remarks>
/// Only the parameters are compared. <c>resolvedDependencies</c> also lists what a build merely uses, and system
/// substitutions repeat what the parameters say.
/// </remarks>
internal static class SlsaV1Build
{
    public const string PredicateType = "https://slsa.dev/provenance/v1";
    public const string GitHubWorkflow = "https://actions.github.io/buildtypes/workflow/v1";

    // A trusted repository that is built by steps from nowhere is no trusted source. No pattern matches this text.
    private const string InlineConfiguration = "(a build configuration inside the trigger)";

    // The repository of the build configuration, and the one that is built when it differs.
    private static readonly string[] CloudBuildSources = ["buildConfigSource", "sourceToBuild"];
    private static readonly string[] GitHubSources = ["workflow"];

    public static BuildClaims Read(JsonElement? predicate)
    {
        var definition = StatementJson.Find(predicate, "buildDefinition");
        var buildType = StatementJson.Text(StatementJson.Find(definition, "buildType"));
        var parameters = StatementJson.Find(definition, "externalParameters");
        var isGitHub = buildType == GitHubWorkflow;
        JsonElement[] sources = [.. (isGitHub ? GitHubSources : CloudBuildSources).Select(field => StatementJson.Find(parameters, field)).OfType<JsonElement>()];
        return new BuildClaims(
            StatementJson.Text(StatementJson.Find(predicate, "runDetails", "builder", "id")),
            buildType,
            [.. sources.Select(source => WithoutTransport(TextOrEmpty(source, "repository"))), .. Inline(parameters)],
            [.. sources.Select(source => TextOrEmpty(source, "ref"))],
            isGitHub ? null : StatementJson.Text(StatementJson.Find(definition, "internalParameters", "triggerUri")));
    }

    private static IEnumerable<string> Inline(JsonElement? parameters) =>
        StatementJson.Find(parameters, "buildConfig") is null ? [] : [InlineConfiguration];

    private static string TextOrEmpty(JsonElement source, string field) => StatementJson.Text(StatementJson.Find(source, field)) ?? "";

    private static string WithoutTransport(string repository) =>
        repository.StartsWith("git+", StringComparison.Ordinal) ? repository["git+".Length..] : repository;
}
