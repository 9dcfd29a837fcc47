using System.Text.Json.Nodes;
using BinAuthz.Approval;
using BinAuthz.Decisions;

namespace BinAuthz.Tests.Decisions;

public sealed class DecisionJsonTests
{
    private static readonly SchemaCheck Schema = new(JsonNode.Parse(File.ReadAllText(Path.Combine(SourceTree.Root, "functions/BinAuthz/Decisions/decision.schema.json")))!);

    private static readonly Decision Rejected = new(
        DateTimeOffset.UnixEpoch, "production", DecisionSamples.Name, DecisionSamples.Image, "rejected", "in \"words\"", ApprovalMode.DryRun, DecisionSamples.PolicyDigest, DecisionSamples.Rules);

    private static readonly Decision Signed = Rejected with
    {
        Outcome = "signed",
        Mode = ApprovalMode.Enforce,
        Key = DecisionSamples.Key,
        Attestations = [new AttestedImage(DecisionSamples.Image, "projects/acme-prod/occurrences/7")],
        MessageId = "1001",
    };

    [Fact]
    public void Write_SignedDecision_KeepsToTheSchema() => Assert.Empty(Schema.Faults(Json(Signed)));

    [Fact]
    public void Write_RejectedDecision_KeepsToTheSchema() => Assert.Empty(Schema.Faults(Json(Rejected)));

    [Theory]
    [InlineData("resigned")]
    [InlineData("not_attested")]
    [InlineData("not_resigned")]
    public void Write_WhatFollowsARotation_KeepsToTheSchema(string outcome) => Assert.Empty(Schema.Faults(Json(Signed with { Outcome = outcome, Rules = [] })));

    [Theory]
    [InlineData("outcome", "maybe")]
    [InlineData("policy", "sha256:33")]
    [InlineData("messageid", "1001")]
    [InlineData("time", "yesterday")]
    public void Schema_OtherDocument_IsRefused(string field, string value)
    {
        var json = Json(Signed);
        json[field] = value;

        Assert.Single(Schema.Faults(json));
    }

    [Fact]
    public void Write_SignedDecision_SaysWhatFollowed()
    {
        var json = Json(Signed);

        Assert.Equal("1970-01-01T00:00:00.000Z", (string?)json["time"]);
        Assert.Equal("enforce", (string?)json["mode"]);
        Assert.Equal(DecisionSamples.Key.ToString(), (string?)json["keyVersion"]);
        Assert.Equal("projects/acme-prod/occurrences/7", (string?)json["attestations"]![0]!["name"]);
        Assert.Equal("1001", (string?)json["messageId"]);
        Assert.Equal("An exception expires soon.", (string?)json["rules"]![1]!["warnings"]![0]);
    }

    [Fact]
    public void Write_NothingSigned_NamesNoKeyAndNoMessage()
    {
        var json = Json(Rejected);

        Assert.Null(json["keyVersion"]);
        Assert.Null(json["messageId"]);
        Assert.Equal("dryRun", (string?)json["mode"]);
    }

    private static JsonNode Json(Decision decision) => JsonNode.Parse(DecisionJson.Write(decision))!;
}
