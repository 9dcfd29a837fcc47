using System.Security.Cryptography;
using System.Text.Json.Nodes;
using BinAuthz.Auditing;
using BinAuthz.Auditing.Reports;
using FsCheck.Xunit;

namespace BinAuthz.Tests.Auditing.Reports;

public sealed class OscalReportTests
{
    [Fact]
    public void Write_Samples_KeepToThePublishedSchema() =>
        Assert.All([ReportSamples.Clean, ReportSamples.Empty, ReportSamples.Full], report => Assert.Empty(PublishedSchema.Oscal.Faults(Json(report))));

    [Property(MaxTest = 40)]
    public void Write_AnyReport_KeepsToThePublishedSchema(int seed) => Assert.Empty(PublishedSchema.Oscal.Faults(Json(ReportSamples.Random(seed))));

    [Theory]
    [InlineData("uuid", "\"1\"")]
    [InlineData("start", "\"2026-11-26\"")]
    [InlineData("findings", "[]")]
    [InlineData("verdict", "\"good\"")]
    [InlineData("reviewed-controls", "{}")]
    public void Schema_BrokenDocument_IsRefused(string field, string value)
    {
        var json = Json(ReportSamples.Full);
        json["assessment-results"]!["results"]![0]![field] = JsonNode.Parse(value);

        Assert.NotEmpty(PublishedSchema.Oscal.Faults(json));
    }

    [Fact]
    public void Write_SameReport_GivesTheSameBytesAndAnotherOtherIds()
    {
        Assert.Equal(OscalReport.Write(ReportSamples.Full), OscalReport.Write(ReportSamples.Full));
        Assert.NotEqual((string?)Results(ReportSamples.Full)["uuid"], (string?)Results(ReportSamples.Full with { Project = "other" })["uuid"]);
    }

    [Fact]
    public void Write_Full_IsAboutThisReport()
    {
        var results = Results(ReportSamples.Full);
        var result = results["results"]![0]!;

        Assert.Equal("Audit of Binary Authorization: production of acme-prod", (string?)results["metadata"]!["title"]);
        Assert.Equal("1.1.3", (string?)results["metadata"]!["oscal-version"]);
        Assert.Equal("2026-11-26T06:00:00.000Z", (string?)results["metadata"]!["last-modified"]);
        Assert.Equal("#" + (string?)results["back-matter"]!["resources"]![0]!["uuid"], (string?)results["import-ap"]!["href"]);
        Assert.Equal("production at 2026-11-26T06:00:00.000Z", (string?)result["title"]);
        Assert.Equal(
            ["production", "acme-prod", "2026-11-25T06:00:00.000Z", "false", Convert.ToHexStringLower(SHA256.HashData(AuditReportJson.Write(ReportSamples.Full)))],
            result["props"]!.AsArray().Select(each => (string?)each!["value"]));
        Assert.Equal("true", (string?)Results(ReportSamples.Clean)["results"]![0]!["props"]![3]!["value"]);
    }

    [Fact]
    public void Write_Full_ReviewsTheControlsOfEveryFramework()
    {
        var reviewed = Results(ReportSamples.Full)["results"]![0]!["reviewed-controls"]!;

        Assert.Equal(["au-2", "cm-6", "sc-12", "si-7"], reviewed["control-selections"]![0]!["include-controls"]!.AsArray().Select(each => (string?)each!["control-id"]));
        Assert.Equal(
            ["hipaa 164.312(b)", "hipaa 164.312(c)(1)", "slsa verifying-artifacts", "soc-2 CC8.1"],
            reviewed["props"]!.AsArray().Select(each => $"{each!["class"]} {each["value"]}"));
        Assert.All(reviewed["props"]!.AsArray(), each => Assert.Equal("urn:binauthz:audit", (string?)each!["ns"]));
        Assert.Equal("reference", (string?)reviewed["links"]![0]!["rel"]);
    }

    [Fact]
    public void Write_Full_HasAnObjectiveForEachRuleAndControl()
    {
        var objectives = Results(ReportSamples.Full)["local-definitions"]!["objectives-and-methods"]!.AsArray();

        Assert.Equal(
            ["sc-12 BA101_sc-12", "si-7 BA103_si-7", "si-7 BA104_si-7", "cm-6 BA302_cm-6", "au-2 BA505_au-2"],
            objectives.Select(each => $"{each!["control-id"]} {each["parts"]![0]!["id"]}"));
        Assert.Equal("assessment-objective", (string?)objectives[0]!["parts"]![0]!["name"]);
        Assert.Equal("Determine that this is not so: Signed by a retired key. r1", (string?)objectives[0]!["parts"]![0]!["prose"]);
    }

    [Fact]
    public void Write_Full_SaysOfEachObjectiveWhetherItIsSatisfied()
    {
        var findings = Results(ReportSamples.Full)["results"]![0]!["findings"]!.AsArray();

        Assert.Equal(
            [
                "BA101_sc-12 not-satisfied fail", "BA103_si-7 satisfied pass", "BA104_si-7 not-satisfied fail", "BA106 not-satisfied fail",
                "BA302_cm-6 not-satisfied fail", "BA401 not-satisfied fail", "BA505_au-2 not-satisfied other",
            ],
            findings.Select(each => $"{each!["target"]!["target-id"]} {each["target"]!["status"]!["state"]} {each["target"]!["status"]!["reason"]}"));
        Assert.Equal("Not assessed, so it is not known whether this is so. PERMISSION\\_DENIED: resourcemanager.projects.getIamPolicy. Grant roles/iam.securityReviewer.", (string?)findings[6]!["target"]!["status"]!["remarks"]);
        Assert.Equal("2,499 more are counted and not named in this report.", (string?)findings[2]!["target"]!["status"]!["remarks"]);
        Assert.Null(findings[1]!["target"]!["status"]!["remarks"]);
        Assert.Null(findings[1]!["related-observations"]);
        Assert.Equal("objective-id", (string?)findings[1]!["target"]!["type"]);
        Assert.Equal(["high", "passed", "0", "CC8.1", "si-7"], findings[1]!["props"]!.AsArray().Select(each => (string?)each!["value"]));
        Assert.Equal("BA103 An attestation has a bad signature", (string?)findings[1]!["title"]);
        Assert.Equal("A signature that does not verify was forged or damaged. Delete it: `gcloud container binauthz attestations delete`.", (string?)findings[1]!["description"]);
    }

    [Theory]
    [InlineData("gs://bucket/object", true)]
    [InlineData("gs://bucket/a b", false)]
    [InlineData("https://evil.example/x", false)]
    public void Write_Evidence_IsALinkOnlyIntoCloudStorage(string name, bool isLink)
    {
        var finding = ReportSamples.Full.Findings[0] with { Evidence = [new EvidenceLink("entry", name)] };

        var evidence = Results(ReportSamples.Full with { Findings = [finding] })["results"]![0]!["observations"]![0]!["relevant-evidence"]![0]!;

        Assert.Equal(isLink ? name : null, (string?)evidence["href"]);
    }

    [Fact]
    public void Write_Full_ObservesEachFindingAboutAnItem()
    {
        var result = Results(ReportSamples.Full)["results"]![0]!;
        var observation = result["observations"]![1]!;
        var item = result["local-definitions"]!["inventory-items"]![1]!;

        Assert.Equal(5, result["observations"]!.AsArray().Count);
        Assert.Equal((string?)item["uuid"], (string?)observation["subjects"]![0]!["subject-uuid"]);
        Assert.Equal("inventory-item", (string?)observation["subjects"]![0]!["type"]);
        Assert.Equal("projects/acme-prod/occurrences/1", (string?)item["props"]![0]!["value"]);
        Assert.Equal((string?)observation["uuid"], (string?)result["findings"]![2]!["related-observations"]![0]!["observation-uuid"]);
        Assert.Equal(["BA104", "high", ReportSamples.Full.Findings[1].Fingerprint, ReportSamples.Image, "2026-11-23T06:00:00.000Z"], observation["props"]!.AsArray().Select(each => (string?)each!["value"]));
        Assert.Equal(["rule", "severity", "fingerprint", "image", "since"], observation["props"]!.AsArray().Select(each => (string?)each!["name"]));
        Assert.Equal("""["TEST"]""", observation["methods"]!.ToJsonString());
        Assert.Equal("""["finding"]""", observation["types"]!.ToJsonString());
        Assert.Equal("Remedy: Delete it.", (string?)observation["remarks"]);
        Assert.Equal("2026-11-26T06:00:00.000Z", (string?)observation["collected"]);
        Assert.Equal("""[{"description":"occurrence: projects/acme-prod/occurrences/1"},{"href":"gs://acme-prod-evidence/decisions/production/708a.dsse.json","description":"decision record: gs://acme-prod-evidence/decisions/production/708a.dsse.json"}]""", observation["relevant-evidence"]!.ToJsonString());
        Assert.Null(result["observations"]![3]!["relevant-evidence"]);
        Assert.Equal(3, result["observations"]![3]!["props"]!.AsArray().Count);
    }

    [Fact]
    public void Write_Markup_IsText()
    {
        var observation = Results(ReportSamples.Full)["results"]![0]!["observations"]![2]!;

        Assert.Equal("\"\\>\\<img src=x onerror=\"alert(2)\"\\>", (string?)observation["description"]);
        Assert.Equal("BA401 us-docker.pkg.dev/acme-prod/apps/\\<script\\>alert(1)\\</script\\>", (string?)observation["title"]);
    }

    [Fact]
    public void Write_Empty_LeavesOutWhatMayNotBeEmpty()
    {
        var results = Results(ReportSamples.Empty);

        Assert.Null(results["local-definitions"]);
        Assert.Equal(["uuid", "title", "description", "start", "end", "props", "reviewed-controls"], results["results"]![0]!.AsObject().Select(field => field.Key));
        Assert.Equal(["description"], results["results"]![0]!["reviewed-controls"]!["control-selections"]![0]!.AsObject().Select(field => field.Key));
    }

    [Theory]
    [InlineData("", "(empty)")]
    [InlineData(" \n", "(empty)")]
    [InlineData(" a\r\n b ", "a b")]
    public void Property_ValueThatOscalDoesNotAllow_IsMadeOne(string value, string expected) => Assert.Equal(expected, (string?)OscalReport.Property("name", value)["value"]);

    [Theory]
    [InlineData("SOC 2", "soc-2")]
    [InlineData("800-53", "_800-53")]
    [InlineData("", "_")]
    public void Property_Framework_IsAToken(string framework, string expected) =>
        Assert.Equal(expected, (string?)OscalReport.Property(new AuditControl(framework, "1", ""))["class"]);

    [Fact]
    public void Of_SameName_IsTheSameUuidOfVersion5()
    {
        var uuid = ContentUuid.Of("kind", "name");

        Assert.Equal("7b655cda-51e7-5d2b-bbcf-1993eb3dd0f9", uuid); // of Python's uuid.uuid5
        Assert.NotEqual(uuid, ContentUuid.Of("kind", "other"));
        Assert.NotEqual(uuid, ContentUuid.Of("other", "name"));
        Assert.Matches("^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$", uuid);
    }

    private static JsonNode Json(AuditReport report) => JsonNode.Parse(OscalReport.Write(report))!;

    private static JsonNode Results(AuditReport report) => Json(report)["assessment-results"]!;
}
