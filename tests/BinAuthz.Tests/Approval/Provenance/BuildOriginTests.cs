using System.Text.Json.Nodes;
using BinAuthz.Approval;
using BinAuthz.Approval.Provenance;

namespace BinAuthz.Tests.Approval.Provenance;

/// <summary>Source, ref and trigger in the three shapes of provenance, all signed well by a trusted key.</summary>
public sealed class BuildOriginTests
{
    private const string Trigger = "projects/265426041527/locations/us-west1/triggers/30c3972b-dae9-484c-80bf-1328bd7954c0";
    private const string Satisfied = "provenance-verified";
    private const string V01Types = $"buildTypes: [\"{CloudBuildV01Samples.RecipeType}\"]";
    private const string GitHubType = "https://actions.github.io/buildtypes/workflow/v1";
    private const string GitHubBuilder = "https://github.com/actions/runner/github-hosted";

    private static readonly Dictionary<string, (string Keys, Action<JsonNode> Change, string Code)> CloudBuild = new()
    {
        ["ref as listed"] = ("refs: [refs/heads/main]", _ => { }, Satisfied),
        ["ref by pattern"] = ("refs: ['refs/tags/v*', 'refs/heads/*']", _ => { }, Satisfied),
        ["other branch"] = ("refs: [refs/heads/main]", node => Source(node)["ref"] = "refs/heads/evil", "ref-not-allowed"),
        ["tag of the branch's name"] = ("refs: [refs/heads/main]", node => Source(node)["ref"] = "refs/tags/main", "ref-not-allowed"),
        ["commit"] = ("refs: ['refs/heads/**']", node => Source(node)["ref"] = "84a516841ba77a5b4648de2cd0dfcb30ea46dbb4", "ref-not-allowed"),
        ["empty ref"] = ("refs: ['refs/heads/**']", node => Source(node)["ref"] = "", "ref-not-allowed"),
        ["no ref"] = ("refs: ['refs/heads/**']", node => Source(node).AsObject().Remove("ref"), "ref-not-allowed"),
        ["ref is not text"] = ("refs: ['refs/heads/**']", node => Source(node)["ref"] = 1, "ref-not-allowed"),
        ["no ref asked for"] = ("", node => Source(node).AsObject().Remove("ref"), Satisfied),
        ["trusted configuration, other branch is built"] = ("refs: [refs/heads/main]", node => Other(node, "refs/heads/evil"), "ref-not-allowed"),
        ["trusted configuration, same branch is built"] = ("refs: [refs/heads/main]", node => Other(node, "refs/heads/main"), Satisfied),
        ["trusted configuration, no branch is built"] = ("refs: [refs/heads/main]", node => Other(node, null), "ref-not-allowed"),
        ["trigger as listed"] = ($"triggers: [{Trigger}]", node => Internal(node)["triggerUri"] = Trigger, Satisfied),
        ["other trigger"] = ($"triggers: [{Trigger}]", node => Internal(node)["triggerUri"] = Trigger + "0", "trigger-not-allowed"),
        ["empty trigger"] = ($"triggers: [{Trigger}]", node => Internal(node)["triggerUri"] = "", "trigger-not-allowed"),
        ["trigger is not text"] = ($"triggers: [{Trigger}]", node => Internal(node)["triggerUri"] = new JsonArray(Trigger), "trigger-not-allowed"),
        ["submitted by hand"] = ($"triggers: [{Trigger}]", _ => { }, "trigger-not-allowed"),
        ["trigger name where the resource name belongs"] = ("triggers: [push-main]", node => Internal(node)["systemSubstitutions"]!["TRIGGER_NAME"] = "push-main", "trigger-not-allowed"),
    };

    private static readonly Dictionary<string, (string Keys, Action<JsonNode> Change, string Code)> CloudBuildV01 = new()
    {
        ["named by the policy"] = (V01Types, _ => { }, Satisfied),
        ["git commit in the URL"] = (V01Types, node => Material(node)["uri"] = "https://github.com/acme/web/commit/84a516841ba77a5b4648de2cd0dfcb30ea46dbb4", Satisfied),
        ["branch in the URL"] = ($"{V01Types}\nrefs: [refs/heads/main]", node => Material(node)["uri"] = "git+https://github.com/acme/web@refs/heads/main", Satisfied),
        ["other branch in the URL"] = ($"{V01Types}\nrefs: [refs/heads/main]", node => Material(node)["uri"] = "git+https://github.com/acme/web@refs/heads/evil", "ref-not-allowed"),
        ["other source"] = (V01Types, node => Material(node)["uri"] = "git+https://github.com/evil/web", "source-not-allowed"),
        ["longer source"] = (V01Types, node => Material(node)["uri"] = "https://github.com/acme/web/commit/x/../../evil", "source-not-allowed"),
        ["user in the URL"] = (V01Types, node => Material(node)["uri"] = "https://github.com/acme/web@evil.example/x", "source-not-allowed"),
        ["bucket"] = (V01Types, node => Material(node)["uri"] = "gs://acme/source/1.tgz#1665165361152729", "source-not-allowed"),
        ["empty source"] = (V01Types, node => Material(node)["uri"] = "", "source-not-allowed"),
        ["no source"] = (V01Types, node => node["predicate"]!["materials"] = new JsonArray(), "source-not-allowed"),
        ["second source"] = (V01Types, node => node["predicate"]!["materials"]!.AsArray().Add(new JsonObject { ["uri"] = "git+https://github.com/evil/web" }), "source-not-allowed"),
        ["branch"] = ($"{V01Types}\nrefs: [refs/heads/main]", _ => { }, Satisfied),
        ["tag"] = ($"{V01Types}\nrefs: ['refs/tags/v*']", node => CloudBuildV01Samples.Arguments(node)["substitutions"] = new JsonObject { ["TAG_NAME"] = "v33.0.4" }, Satisfied),
        ["tag beside a branch that is not allowed"] = ($"{V01Types}\nrefs: ['refs/tags/v*']", node => CloudBuildV01Samples.Arguments(node)["substitutions"]!["TAG_NAME"] = "v1", "ref-not-allowed"),
        ["other branch"] = ($"{V01Types}\nrefs: [refs/heads/main]", node => CloudBuildV01Samples.Arguments(node)["substitutions"]!["BRANCH_NAME"] = "evil", "ref-not-allowed"),
        ["empty branch"] = ($"{V01Types}\nrefs: ['refs/heads/**']", node => CloudBuildV01Samples.Arguments(node)["substitutions"]!["BRANCH_NAME"] = "", "ref-not-allowed"),
        ["no branch"] = ($"{V01Types}\nrefs: ['refs/heads/**']", node => CloudBuildV01Samples.Arguments(node).AsObject().Remove("substitutions"), "ref-not-allowed"),
        ["arguments of another type"] = ($"{V01Types}\nrefs: ['refs/heads/**']", node => CloudBuildV01Samples.Arguments(node)["@type"] = "x", "ref-not-allowed"),
        ["trigger"] = ($"{V01Types}\ntriggers: [15e57958-19b3-4a52-a052-6906244088ce]", _ => { }, Satisfied),
        ["trigger by its name"] = ($"{V01Types}\ntriggers: [push-main]", _ => { }, "trigger-not-allowed"),
        ["builder of v1"] = (V01Types, node => node["predicate"]!["builder"]!["id"] = "https://cloudbuild.googleapis.com/GoogleHostedWorker", "builder-not-trusted"),
        ["other recipe"] = (V01Types, node => node["predicate"]!["recipe"]!["type"] = "https://cloudbuild.googleapis.com/CloudBuildSteps@v0.1", "build-type"),
        ["policy for v1 alone"] = ("", _ => { }, "predicate-type"),
        ["policy for v1 alone, build type of v1"] = ("", node => node["predicate"]!["recipe"]!["type"] = ProvenanceRequirements.CloudBuildType, "predicate-type"),
        ["predicate relabelled as v1"] = ("", node => node["predicateType"] = "https://slsa.dev/provenance/v1", "builder-not-trusted"),
    };

    private static readonly Dictionary<string, (string Keys, Action<JsonNode> Change, string Code)> GitHub = new()
    {
        ["named by the policy"] = ($"buildTypes: ['{GitHubType}']\nrefs: [refs/heads/main]", _ => { }, Satisfied),
        ["policy for Cloud Build alone"] = ("", _ => { }, "build-type"),
        ["other repository"] = ($"buildTypes: ['{GitHubType}']", node => Workflow(node)["repository"] = "https://github.com/evil/web", "source-not-allowed"),
        ["no repository"] = ($"buildTypes: ['{GitHubType}']", node => Workflow(node).AsObject().Remove("repository"), "source-not-allowed"),
        ["other branch"] = ($"buildTypes: ['{GitHubType}']\nrefs: [refs/heads/main]", node => Workflow(node)["ref"] = "refs/pull/1/merge", "ref-not-allowed"),
        ["no branch"] = ($"buildTypes: ['{GitHubType}']\nrefs: [refs/heads/main]", node => Workflow(node).AsObject().Remove("ref"), "ref-not-allowed"),
        ["fields of Cloud Build"] = ($"buildTypes: ['{GitHubType}']", node => { Parameters(node)["buildConfigSource"] = Workflow(node).DeepClone(); Parameters(node).AsObject().Remove("workflow"); }, "source-not-allowed"),
        ["trigger, which GitHub has not"] = ($"buildTypes: ['{GitHubType}']\ntriggers: [{Trigger}]", node => Internal(node)["triggerUri"] = Trigger, "trigger-not-allowed"),
    };

    public static TheoryData<string> CloudBuildNames => [.. CloudBuild.Keys];

    public static TheoryData<string> CloudBuildV01Names => [.. CloudBuildV01.Keys];

    public static TheoryData<string> GitHubNames => [.. GitHub.Keys];

    [Theory]
    [MemberData(nameof(CloudBuildNames))]
    public void Evaluate_CloudBuild_ByItsOrigin(string name)
    {
        var (keys, change, code) = CloudBuild[name];

        Assert.Equal(code, ProvenanceSamples.Evaluate(ProvenanceSamples.PolicyWith(keys), ProvenanceSamples.Signed(change)).Code);
    }

    [Theory]
    [MemberData(nameof(CloudBuildV01Names))]
    public void Evaluate_CloudBuildV01_ByItsOrigin(string name)
    {
        var (keys, change, code) = CloudBuildV01[name];

        var result = ProvenanceSamples.Evaluate(ProvenanceSamples.PolicyWith(keys, CloudBuildV01Samples.Builder), ProvenanceSamples.Signed(CloudBuildV01Samples.Statement(change)));

        Assert.Equal((code == Satisfied ? RuleVerdict.Satisfied : RuleVerdict.Violated, code), (result.Verdict, result.Code));
    }

    [Fact]
    public void Evaluate_CloudBuildV01SignedByItsOwnKey_NeedsThatKeyInThePolicy()
    {
        var envelope = ProvenanceSamples.Signed(CloudBuildV01Samples.Statement());

        var result = ProvenanceSamples.Evaluate(
            ProvenanceSamples.PolicyWith(V01Types, CloudBuildV01Samples.Builder),
            envelope with { Signatures = [new DsseSignature(CloudBuildV01Samples.KeyId, envelope.Signatures[0].Value)] });

        Assert.Equal((RuleVerdict.Violated, "provenance-key-unknown"), (result.Verdict, result.Code));
    }

    [Theory]
    [MemberData(nameof(GitHubNames))]
    public void Evaluate_GitHubWorkflow_ByItsOrigin(string name)
    {
        var (keys, change, code) = GitHub[name];
        var envelope = ProvenanceSamples.Signed(node =>
        {
            var definition = node["predicate"]!["buildDefinition"]!;
            definition["buildType"] = GitHubType;
            definition["externalParameters"] = new JsonObject
            {
                ["workflow"] = new JsonObject { ["ref"] = "refs/heads/main", ["repository"] = "https://github.com/acme/web", ["path"] = ".github/workflows/release.yml" },
            };
            node["predicate"]!["runDetails"]!["builder"]!["id"] = GitHubBuilder;
            change(node);
        });

        var result = ProvenanceSamples.Evaluate(ProvenanceSamples.PolicyWith(keys, GitHubBuilder), envelope);

        Assert.Equal((code == Satisfied ? RuleVerdict.Satisfied : RuleVerdict.Violated, code), (result.Verdict, result.Code));
    }

    private static JsonNode Definition(JsonNode statement) => statement["predicate"]!["buildDefinition"]!;

    private static JsonNode Parameters(JsonNode statement) => Definition(statement)["externalParameters"]!;

    private static JsonNode Internal(JsonNode statement) => Definition(statement)["internalParameters"]!;

    private static JsonNode Source(JsonNode statement) => Parameters(statement)["buildConfigSource"]!;

    private static JsonNode Workflow(JsonNode statement) => Parameters(statement)["workflow"]!;

    private static JsonNode Material(JsonNode statement) => statement["predicate"]!["materials"]![0]!;

    private static void Other(JsonNode statement, string? name) =>
        Parameters(statement)["sourceToBuild"] = name is null
            ? new JsonObject { ["repository"] = "https://github.com/acme/web" }
            : new JsonObject { ["repository"] = "https://github.com/acme/web", ["ref"] = name };
}
