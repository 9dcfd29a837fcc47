using System.Text.Json.Nodes;
using BinAuthz.Auditing;
using BinAuthz.Auditing.Reports;
using FsCheck.Xunit;

namespace BinAuthz.Tests.Auditing.Reports;

public sealed class SarifAuditReportTests
{
    [Fact]
    public void Write_Samples_KeepToThePublishedSchema() =>
        Assert.All([ReportSamples.Clean, ReportSamples.Empty, ReportSamples.Full], report => Assert.Empty(PublishedSchema.Sarif.Faults(Json(report))));

    [Property(MaxTest = 40)]
    public void Write_AnyReport_KeepsToThePublishedSchema(int seed) => Assert.Empty(PublishedSchema.Sarif.Faults(Json(ReportSamples.Random(seed))));

    [Theory]
    [InlineData("level", "\"fatal\"")]
    [InlineData("message", "\"text\"")]
    [InlineData("ruleIndex", "-2")]
    [InlineData("locations", "{}")]
    [InlineData("severity", "\"high\"")]
    public void Schema_BrokenDocument_IsRefused(string field, string value)
    {
        var json = Json(ReportSamples.Full);
        json["runs"]![0]!["results"]![1]![field] = JsonNode.Parse(value);

        Assert.NotEmpty(PublishedSchema.Sarif.Faults(json));
    }

    [Fact]
    public void Write_Full_HasARuleForEachWithHelp()
    {
        var run = Run(ReportSamples.Full);
        var rule = run["tool"]!["driver"]!["rules"]![4]!;

        Assert.Equal("binauthz", (string?)run["tool"]!["driver"]!["name"]);
        Assert.Equal("""{"id":"BA302","shortDescription":{"text":"The production policy admits without asking"},"fullDescription":{"text":"Whoever can deploy decides what runs."},"help":{"text":"Apply the policy: \u0060binauthz policy apply production\u0060."},"defaultConfiguration":{"level":"error"},"properties":{"severity":"critical","security-severity":"9.5","status":"failed","count":1,"tags":["security","SOC 2 CC8.1","NIST SP 800-53 cm-6","HIPAA 164.312(c)(1)"]}}""", rule.ToJsonString());
        Assert.Equal(["2.0", "8.0", "8.0", "0.0", "9.5", "5.5", "5.5"], run["tool"]!["driver"]!["rules"]!.AsArray().Select(each => (string?)each!["properties"]!["security-severity"]));
    }

    [Fact]
    public void Write_Full_HasAResultForEachFinding()
    {
        var results = Run(ReportSamples.Full)["results"]!.AsArray();
        var result = results[1]!;

        Assert.Equal(["error", "error", "warning", "warning", "note"], results.Select(each => (string?)each!["level"]));
        Assert.Equal([4, 2, 5, 0, 3], results.Select(each => (int)each!["ruleIndex"]!));
        Assert.Equal(["critical", "high", "medium", "low", "note"], results.Select(each => (string?)each!["properties"]!["severity"]));
        Assert.Equal("fail", (string?)result["kind"]);
        Assert.Equal("projects/acme-prod/occurrences/1: The payload says sha256:1, the resource sha256:2. Remedy: Delete it.", (string?)result["message"]!["text"]);
        Assert.Equal($$"""[{"logicalLocations":[{"fullyQualifiedName":"projects/acme-prod/occurrences/1","kind":"resource"},{"fullyQualifiedName":"{{ReportSamples.Image}}","kind":"image"}]}]""", result["locations"]!.ToJsonString());
        Assert.Equal(ReportSamples.Full.Findings[1].Fingerprint, (string?)result["partialFingerprints"]!["binauthzFinding/v1"]);
        Assert.Equal("2026-11-23T06:00:00.000Z", (string?)result["properties"]!["since"]);
        Assert.Equal("""{"id":1,"message":{"text":"decision record"},"logicalLocations":[{"fullyQualifiedName":"gs://acme-prod-evidence/decisions/production/708a.dsse.json","kind":"evidence"}]}""", result["relatedLocations"]![1]!.ToJsonString());
        Assert.Null(results[3]!["relatedLocations"]);
        Assert.Null(results[3]!["properties"]!["since"]);
        Assert.Single(results[3]!["locations"]![0]!["logicalLocations"]!.AsArray());
    }

    [Fact]
    public void Write_NotAssessed_DidNotSucceedAndSaysWhy()
    {
        var invocation = Run(ReportSamples.Full)["invocations"]![0]!;

        Assert.False((bool)invocation["executionSuccessful"]!);
        Assert.Equal("2026-11-26T06:00:00.000Z", (string?)invocation["endTimeUtc"]);
        var configuration = Assert.Single(invocation["toolConfigurationNotifications"]!.AsArray())!;
        Assert.Equal("error", (string?)configuration["level"]);
        Assert.Equal("BA505 Audit logs are off: Not assessed, so it is not known whether this is so. PERMISSION_DENIED: resourcemanager.projects.getIamPolicy. Grant roles/iam.securityReviewer.", (string?)configuration["message"]!["text"]);
        Assert.Equal("""{"id":"BA505","index":6}""", configuration["associatedRule"]!.ToJsonString());
        var more = Assert.Single(invocation["toolExecutionNotifications"]!.AsArray())!;
        Assert.Equal("warning", (string?)more["level"]);
        Assert.Equal("BA104 The payload's digest is another: 2,499 more are counted and not named in this report.", (string?)more["message"]!["text"]);
    }

    [Fact]
    public void Write_Clean_SucceededWithoutResults()
    {
        var run = Run(ReportSamples.Clean);

        Assert.True((bool)run["invocations"]![0]!["executionSuccessful"]!);
        Assert.Empty(run["invocations"]![0]!["toolConfigurationNotifications"]!.AsArray());
        Assert.Empty(run["invocations"]![0]!["toolExecutionNotifications"]!.AsArray());
        Assert.Empty(run["results"]!.AsArray());
        Assert.Equal("binauthz-audit/production/2026-11-26T06:00:00.000Z", (string?)run["automationDetails"]!["id"]);
        Assert.Equal("""{"environment":"production","project":"acme-prod","since":"2026-11-25T06:00:00.000Z"}""", run["properties"]!.ToJsonString());
        Assert.Equal("https://json.schemastore.org/sarif-2.1.0.json", (string?)Json(ReportSamples.Clean)["$schema"]);
        Assert.Equal("2.1.0", (string?)Json(ReportSamples.Clean)["version"]);
    }

    [Fact]
    public void Write_FindingOfAnUnknownRule_HasNoIndex() =>
        Assert.Equal(-1, (int)Run(ReportSamples.Clean with { Findings = ReportSamples.Full.Findings })["results"]![0]!["ruleIndex"]!);

    [Theory]
    [InlineData("[click](https://evil.example) [x]", "\\[click\\](https://evil.example) \\[x\\]")]
    [InlineData("[not] a link", "[not] a link")]
    public void Message_WhatWouldBeALink_IsNone(string text, string expected) => Assert.Equal(expected, (string?)SarifLog.Message(text)["text"]);

    [Theory]
    [InlineData(nameof(AuditSeverity.Critical), "error")]
    [InlineData(nameof(AuditSeverity.High), "error")]
    [InlineData(nameof(AuditSeverity.Medium), "warning")]
    [InlineData(nameof(AuditSeverity.Low), "warning")]
    [InlineData(nameof(AuditSeverity.Note), "note")]
    public void Level_Severity_IsOneOfThree(string severity, string level) => Assert.Equal(level, SarifAuditReport.Level(Enum.Parse<AuditSeverity>(severity)));

    private static JsonNode Json(AuditReport report) => JsonNode.Parse(SarifAuditReport.Write(report))!;

    private static JsonNode Run(AuditReport report) => Json(report)["runs"]![0]!;
}
