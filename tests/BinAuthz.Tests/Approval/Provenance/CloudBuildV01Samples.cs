using System.Text.Json.Nodes;

namespace BinAuthz.Tests.Approval.Provenance;

/// <summary>SLSA v0.1 provenance as Cloud Build writes it (shape: slsa-verifier's test data).</summary>
internal static class CloudBuildV01Samples
{
    public const string KeyId = "projects/verified-builder/locations/global/keyRings/attestor/cryptoKeys/provenanceSigner/cryptoKeyVersions/1";
    public const string Builder = "https://cloudbuild.googleapis.com/GoogleHostedWorker@v0.3";
    public const string RecipeType = "https://cloudbuild.googleapis.com/CloudBuildYaml@v0.1";

    public static JsonNode Statement(Action<JsonNode>? change = null)
    {
        var statement = JsonNode.Parse(
            $$"""
            {
              "_type": "https://in-toto.io/Statement/v0.1",
              "predicateType": "https://slsa.dev/provenance/v0.1",
              "subject": [{ "name": "https://us-docker.pkg.dev/acme-prod/apps/web", "digest": { "sha256": "{{ProvenanceSamples.Image.Digest.Hex}}" } }],
              "predicate": {
                "builder": { "id": "{{Builder}}" },
                "materials": [{ "uri": "git+https://github.com/acme/web", "digest": { "sha1": "84a516841ba77a5b4648de2cd0dfcb30ea46dbb4" } }],
                "metadata": { "buildInvocationId": "c0ffee00-1234-4567-89ab-0123456789ab" },
                "recipe": {
                  "type": "{{RecipeType}}",
                  "entryPoint": "cloudbuild.yaml",
                  "arguments": {
                    "@type": "type.googleapis.com/google.devtools.cloudbuild.v1.Build",
                    "buildTriggerId": "15e57958-19b3-4a52-a052-6906244088ce",
                    "substitutions": { "BRANCH_NAME": "main", "REF_NAME": "main", "TRIGGER_NAME": "push-main" }
                  }
                }
              }
            }
            """)!;
        change?.Invoke(statement);
        return statement;
    }

    public static JsonNode Arguments(JsonNode statement) => statement["predicate"]!["recipe"]!["arguments"]!;
}
