using System.Text;
using System.Text.Json.Nodes;
using BinAuthz.Approval.Provenance;

namespace BinAuthz.Tests.Approval.Provenance;

public sealed class SourceCommitTests
{
    private const string Commit = "0f1e2d3c4b5a69788796a5b4c3d2e1f001122334";

    [Theory]
    [InlineData("git+https://github.com/acme/app@refs/heads/main", Commit, Commit)]
    [InlineData("git+https://github.com/acme/app", Commit, Commit)]
    [InlineData("git+https://github.com/acme/app-evil@refs/heads/main", Commit, "")]
    [InlineData("git+https://github.com/acme/app@refs/heads/main", "$(id)", "")]
    public void Of_SlsaV1_IsTheCommitOfTheSource(string uri, string commit, string expected)
    {
        var statement = new JsonObject
        {
            ["predicateType"] = "https://slsa.dev/provenance/v1",
            ["predicate"] = new JsonObject
            {
                ["buildDefinition"] = new JsonObject
                {
                    ["externalParameters"] = new JsonObject { ["buildConfigSource"] = new JsonObject { ["repository"] = "git+https://github.com/acme/app" } },
                    ["resolvedDependencies"] = new JsonArray(
                        new JsonObject { ["uri"] = "pkg:docker/builder", ["digest"] = new JsonObject { ["gitCommit"] = new string('b', 40) } },
                        new JsonObject { ["uri"] = uri, ["digest"] = new JsonObject { ["gitCommit"] = commit } }),
                },
            },
        };

        Assert.Equal(expected, SourceCommit.Of(Encoding.UTF8.GetBytes(statement.ToJsonString())));
    }

    [Fact]
    public void Of_RecordedProvenance_IsTheCommit() => Assert.Matches("^[0-9a-f]{40}$", SourceCommit.Of(ProvenanceSamples.Recorded.Payload));

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("{\"predicate\":{\"buildDefinition\":{\"resolvedDependencies\":[1,{\"uri\":2}]}}}")]
    public void Of_NoProvenance_IsEmpty(string payload) => Assert.Empty(SourceCommit.Of(Encoding.UTF8.GetBytes(payload)));
}
