using System.Text;
using System.Text.Json.Nodes;
using BinAuthz.Approval;
using BinAuthz.Decisions;

namespace BinAuthz.Tests.Decisions;

public sealed class DecisionReaderTests
{
    private static readonly Decision Signed = new(
        DateTimeOffset.UnixEpoch, "production", DecisionSamples.Name, DecisionSamples.Image, "signed", "in \"words\"", ApprovalMode.DryRun, DecisionSamples.PolicyDigest, DecisionSamples.Rules)
    {
        Key = DecisionSamples.Key,
        Attestations = [new AttestedImage(DecisionSamples.Image, "projects/acme-prod/occurrences/7")],
        MessageId = "1001",
    };

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Read_WhatWasWritten_IsTheSame(bool isSigned)
    {
        var json = DecisionJson.Write(isSigned ? Signed : Signed with { Key = null, MessageId = null, Attestations = [], Mode = ApprovalMode.Enforce });

        Assert.Equal(json, DecisionJson.Write(DecisionReader.Read(json)));
    }

    [Theory]
    [InlineData("time")]
    [InlineData("attestor")]
    [InlineData("image")]
    [InlineData("rules")]
    [InlineData("attestations")]
    public void Read_FieldIsMissing_IsRefused(string field)
    {
        var json = JsonNode.Parse(DecisionJson.Write(Signed))!.AsObject();
        json.Remove(field);

        Assert.Throws<FormatException>(() => DecisionReader.Read(Encoding.UTF8.GetBytes(json.ToJsonString())));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{\"time\":\"1970-01-01T00:00:00.000Z\",\"time\":\"1970-01-01T00:00:00.000Z\"}")]
    [InlineData("{\"time\":\"\\ud800\"}")]
    public void Read_NoDecision_IsRefused(string json) => Assert.Throws<FormatException>(() => DecisionReader.Read(Encoding.UTF8.GetBytes(json)));
}
