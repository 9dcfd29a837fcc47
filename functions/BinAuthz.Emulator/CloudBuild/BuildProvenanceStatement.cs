using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using BinAuthz.Emulator.ArtifactRegistry;

namespace BinAuthz.Emulator.CloudBuild;

/// <summary>The in-toto statement that Cloud Build signs: SLSA v1.0 provenance of one image (docs: build/gcb-buildtypes/google-worker/v1).</summary>
internal static class BuildProvenanceStatement
{
    private const string HostedWorker = "https://cloudbuild.googleapis.com/GoogleHostedWorker";

    private static readonly JsonSerializerOptions Compact = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Json(BuildRequest request, ImageLocation image, string buildId, DateTimeOffset finished)
    {
        var digest = request.Image![(request.Image!.LastIndexOf(':') + 1)..];
        return new JsonObject
        {
            ["_type"] = "https://in-toto.io/Statement/v1",
            ["subject"] = new JsonArray(new JsonObject { ["name"] = "https://" + image.Reference, ["digest"] = new JsonObject { ["sha256"] = digest } }),
            ["predicateType"] = "https://slsa.dev/provenance/v1",
            ["predicate"] = new JsonObject
            {
                ["buildDefinition"] = Definition(request, image, buildId),
                ["runDetails"] = new JsonObject
                {
                    ["builder"] = new JsonObject { ["id"] = request.BuilderId ?? HostedWorker },
                    ["metadata"] = new JsonObject
                    {
                        ["invocationId"] = $"https://cloudbuild.googleapis.com/v1/projects/{image.Project}/locations/{image.Location}/builds/{buildId}",
                        ["startedOn"] = Time(finished - TimeSpan.FromMinutes(1)),
                        ["finishedOn"] = Time(finished),
                    },
                },
            },
        }.ToJsonString(Compact);
    }

    private static JsonObject Definition(BuildRequest request, ImageLocation image, string buildId) => new()
    {
        ["buildType"] = "https://cloud.google.com/build/gcb-buildtypes/google-worker/v1",
        ["externalParameters"] = new JsonObject
        {
            ["buildConfigSource"] = new JsonObject { ["ref"] = request.Ref, ["repository"] = "git+" + request.SourceUri, ["path"] = "cloudbuild.yaml" },
            ["substitutions"] = new JsonObject(),
        },
        ["internalParameters"] = Internal(request, image, buildId),
        ["resolvedDependencies"] = new JsonArray(new JsonObject
        {
            ["uri"] = $"git+{request.SourceUri}@{request.Ref}",
            ["digest"] = new JsonObject { ["gitCommit"] = request.Commit },
        }),
    };

    private static JsonObject Internal(BuildRequest request, ImageLocation image, string buildId)
    {
        var parameters = new JsonObject
        {
            ["systemSubstitutions"] = new JsonObject { ["PROJECT_ID"] = image.Project, ["BUILD_ID"] = buildId },
        };
        if (!string.IsNullOrEmpty(request.Trigger))
        {
            parameters["triggerUri"] = request.Trigger;
        }

        return parameters;
    }

    private static string Time(DateTimeOffset time) => time.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
}
