using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using BinAuthz.Auditing;
using BinAuthz.Auditing.Reports;
using FsCheck.Xunit;
using Json.Schema;

namespace BinAuthz.Tests.Auditing.Reports;

public sealed class AuditReportJsonTests
{
    private static readonly JsonSchema Schema = JsonSchema.FromText(AuditReportJson.Schema);
    private static readonly EvaluationOptions Strict = new() { RequireFormatValidation = true };

    [Property(MaxTest = 300)]
    public void Read_WhatWasWritten_IsTheSame(int seed)
    {
        var report = ReportSamples.Random(seed);
        var bytes = AuditReportJson.Write(report);

        var read = AuditReportJson.Read(bytes);

        Assert.Equivalent(report, read, strict: true);
        Assert.Equal(bytes, AuditReportJson.Write(read));
    }

    [Property(MaxTest = 300)]
    public void Write_AnyReport_KeepsToTheSchema(int seed) => Assert.True(KeepsToSchema(Json(ReportSamples.Random(seed))));

    [Fact]
    public void Write_Samples_KeepToTheSchema() => Assert.All([ReportSamples.Clean, ReportSamples.Empty, ReportSamples.Full], report => Assert.True(KeepsToSchema(Json(report))));

    [Fact]
    public void Write_SameReport_GivesTheSameBytesWithoutCarriageReturns()
    {
        var text = Encoding.UTF8.GetString(AuditReportJson.Write(ReportSamples.Full));

        Assert.Equal(text, Encoding.UTF8.GetString(AuditReportJson.Write(ReportSamples.Full)));
        Assert.StartsWith("{\n  \"version\": 1,\n  \"environment\": \"production\",\n  \"project\": \"acme-prod\",\n  \"time\": \"2026-11-26T06:00:00.000Z\",\n  \"since\": \"2026-11-25T06:00:00.000Z\",\n  \"complete\": false,\n  \"worst\": \"critical\",\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain('\r', text);
    }

    [Fact]
    public void Write_Full_SaysEverything()
    {
        var json = Json(ReportSamples.Full);

        Assert.Equal(41, (int)json["previous"]!["sequence"]!);
        Assert.Equal("not_assessed", (string?)json["rules"]![6]!["status"]);
        Assert.Equal("failed", (string?)json["rules"]![0]!["status"]);
        Assert.Equal("passed", (string?)json["rules"]![1]!["status"]);
        Assert.Equal("""{"framework":"SOC 2","id":"CC8.1","title":"Changes are authorised, tested and approved before they are deployed."}""", json["rules"]![1]!["controls"]![0]!.ToJsonString());
        Assert.Equal(["critical", "high", "medium", "low", "note"], json["findings"]!.AsArray().Select(each => (string?)each!["severity"]));
        Assert.Equal(ReportSamples.Full.Findings[1].Fingerprint, (string?)json["findings"]![1]!["fingerprint"]);
        Assert.Equal("2026-11-23T06:00:00.000Z", (string?)json["findings"]![1]!["since"]);
        Assert.Equal(8.25, (double)json["trend"]![0]!["oldestKeyAgeDays"]!);
        Assert.Equal(ReportSamples.Pem, (string?)json["attestors"]![0]!["keys"]![0]!["publicKeyPem"]);
    }

    [Fact]
    public void Write_Unknown_IsLeftOut()
    {
        var json = Json(ReportSamples.Full);

        Assert.Equal(["time", "findings"], json["trend"]![1]!.AsObject().Select(field => field.Key));
        Assert.Equal(["name", "keys"], json["attestors"]![1]!.AsObject().Select(field => field.Key));
        Assert.DoesNotContain("image", json["findings"]![0]!.AsObject().Select(field => field.Key));
        Assert.Equal(
            ["version", "environment", "project", "time", "since", "complete", "rules", "findings", "attestors", "trend"],
            Json(ReportSamples.Empty).AsObject().Select(field => field.Key));
    }

    [Theory]
    [InlineData("$.extra", "1", "extra")]
    [InlineData("$.version", "2", "version")]
    [InlineData("$.version", "\"1\"", "version")]
    [InlineData("$.environment", "7", "environment")]
    [InlineData("$.time", "\"2026-11-26\"", "time")]
    [InlineData("$.complete", "\"no\"", "complete")]
    [InlineData("$.complete", "true", "complete")]
    [InlineData("$.worst", "\"high\"", "worst")]
    [InlineData("$.worst", "null", "worst")]
    [InlineData("$.policy", "{}", "policy")]
    [InlineData("$.previous", "[]", "previous")]
    [InlineData("$.previous.sequence", "1.5", "previous.sequence")]
    [InlineData("$.previous.sequence", "-1", "previous.sequence")]
    [InlineData("$.previous.sequence", "1000000000001", "previous.sequence")]
    [InlineData("$.rules[1].id", "\"BA101\"", "rules")]
    [InlineData("$.previous.who", "\"me\"", "previous.who")]
    [InlineData("$.coverage.percent", "1e400", "coverage.percent")]
    [InlineData("$.coverage.percent", "\"92\"", "coverage.percent")]
    [InlineData("$.coverage.all", "1", "coverage.all")]
    [InlineData("$.rules", "{}", "rules")]
    [InlineData("$.rules[2]", "null", "rules[2]")]
    [InlineData("$.rules[2].status", "\"fine\"", "rules[2].status")]
    [InlineData("$.rules[2].also", "\"\"", "rules[2].also")]
    [InlineData("$.rules[1].controls[1].also", "\"\"", "rules[1].controls[1].also")]
    [InlineData("$.findings[0].severity", "\"terrible\"", "findings[0].severity")]
    [InlineData("$.findings[1].resource", "\"another\"", "findings[1].fingerprint")]
    [InlineData("$.findings[1].also", "\"\"", "findings[1].also")]
    [InlineData("$.findings[1].evidence[0].also", "\"\"", "findings[1].evidence[0].also")]
    [InlineData("$.attestors[0].valid", "null", "attestors[0].valid")]
    [InlineData("$.attestors[0].also", "null", "attestors[0].also")]
    [InlineData("$.attestors[0].keys[0].created", "\"soon\"", "attestors[0].keys[0].created")]
    [InlineData("$.attestors[0].keys[0].also", "1", "attestors[0].keys[0].also")]
    [InlineData("$.trend[0].findings", "true", "trend[0].findings")]
    [InlineData("$.trend[0].also", "true", "trend[0].also")]
    public void Read_OtherDocument_IsRefusedByNameOfTheField(string path, string value, string field)
    {
        var error = Assert.Throws<FormatException>(() => AuditReportJson.Read(Encoding.UTF8.GetBytes(Replaced(path, value))));

        Assert.Contains($"'{field}'", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("previous", "digest")]
    [InlineData("coverage", "stored")]
    public void Read_FieldMissing_IsRefusedByItsName(string parent, string name)
    {
        var json = Json(ReportSamples.Full);
        json[parent]!.AsObject().Remove(name);

        var error = Assert.Throws<FormatException>(() => AuditReportJson.Read(Encoding.UTF8.GetBytes(json.ToJsonString())));

        Assert.Equal($"it has no field '{parent}.{name}'", error.Message);
    }

    [Fact]
    public void Read_WorstMissing_IsRefused()
    {
        var json = Json(ReportSamples.Full);
        json.AsObject().Remove("worst");

        Assert.Equal("it has no field 'worst'", Assert.Throws<FormatException>(() => AuditReportJson.Read(Encoding.UTF8.GetBytes(json.ToJsonString()))).Message);
    }

    [Fact]
    public void Read_WorstWithoutFindings_IsRefused()
    {
        var json = Json(ReportSamples.Clean);
        json["worst"] = "note";

        Assert.Contains("'worst'", Assert.Throws<FormatException>(() => AuditReportJson.Read(Encoding.UTF8.GetBytes(json.ToJsonString()))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_GreatestNumber_IsRead()
    {
        var greatest = ReportSamples.Full with { Previous = ReportSamples.Full.Previous! with { Sequence = 1_000_000_000_000 } };

        Assert.Equal(greatest.Previous, AuditReportJson.Read(AuditReportJson.Write(greatest)).Previous);
    }

    [Fact]
    public void Read_FieldTwice_IsRefusedByItsName()
    {
        var text = Encoding.UTF8.GetString(AuditReportJson.Write(ReportSamples.Clean)).Replace("\"project\":", "\"environment\": \"staging\", \"project\":", StringComparison.Ordinal);

        Assert.Contains("environment", Assert.Throws<FormatException>(() => AuditReportJson.Read(Encoding.UTF8.GetBytes(text))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "it is not JSON: ")]
    [InlineData("{} {}", "it is not JSON: ")]
    [InlineData("[]", "it is no object")]
    [InlineData("{}", "it has no field 'version'")]
    public void Read_NoReport_IsRefused(string text, string message) =>
        Assert.StartsWith(message, Assert.Throws<FormatException>(() => AuditReportJson.Read(Encoding.UTF8.GetBytes(text))).Message, StringComparison.Ordinal);

    [Fact]
    public void Read_NotUtf8_IsRefused() => Assert.Throws<FormatException>(() => AuditReportJson.Read("{\"version\":1,\"environment\":\"\xff\"}"u8.ToArray().Select(each => each == 0xC3 ? (byte)0xFF : each).ToArray()));

    [Theory]
    [InlineData("$.extra", "1")]
    [InlineData("$.version", "2")]
    [InlineData("$.time", "\"2026-11-26T06:00:00+01:00\"")]
    [InlineData("$.worst", "\"fatal\"")]
    [InlineData("$.coverage.percent", "100.1")]
    [InlineData("$.previous.digest", "\"sha256:abc\"")]
    [InlineData("$.rules[0].id", "\"BA1\"")]
    [InlineData("$.rules[0].status", "\"fine\"")]
    [InlineData("$.findings[0].fingerprint", "\"ABC\"")]
    [InlineData("$.attestors[0].name", "\"production\"")]
    [InlineData("$.trend[0].findings", "-1")]
    [InlineData("$.trend[0].findings", "1000000000001")]
    public void Schema_OtherDocument_IsRefused(string path, string value) => Assert.False(KeepsToSchema(JsonNode.Parse(Replaced(path, value))!));

    [Theory]
    [InlineData(nameof(AuditSeverity.Note), "note")]
    [InlineData(nameof(AuditSeverity.Low), "low")]
    [InlineData(nameof(AuditSeverity.Medium), "medium")]
    [InlineData(nameof(AuditSeverity.High), "high")]
    [InlineData(nameof(AuditSeverity.Critical), "critical")]
    public void Severity_Word_IsReadBack(string name, string word)
    {
        var severity = Enum.Parse<AuditSeverity>(name);

        Assert.Equal(word, ReportWords.Of(severity));
        Assert.Equal(severity, ReportWords.Severity(word));
        Assert.Null(ReportWords.Severity(word.ToUpperInvariant()));
        Assert.Null(ReportWords.Status(word));
    }

    [Fact]
    public void Of_UnknownValue_IsABug()
    {
        Assert.Contains("99", Assert.Throws<InvalidOperationException>(() => ReportWords.Of((AuditSeverity)99)).Message, StringComparison.Ordinal);
        Assert.Contains("99", Assert.Throws<InvalidOperationException>(() => ReportWords.Of((RuleStatus)99)).Message, StringComparison.Ordinal);
    }

    private static JsonNode Json(AuditReport report) => JsonNode.Parse(AuditReportJson.Write(report))!;

    private static bool KeepsToSchema(JsonNode json) => Schema.Evaluate(JsonSerializer.SerializeToElement(json), Strict).IsValid;

    // The paths are those of the fields, such as $.rules[2].status.
    private static string Replaced(string path, string value)
    {
        const string Mark = "\"the field under test\"";
        var json = Json(ReportSamples.Full);
        string[] steps = path[2..].Replace("[", ".", StringComparison.Ordinal).Replace("]", "", StringComparison.Ordinal).Split('.');
        var parent = steps[..^1].Aggregate(json, (node, step) => int.TryParse(step, out var index) ? node[index]! : node[step]!);
        if (int.TryParse(steps[^1], out var last))
        {
            parent[last] = "the field under test";
        }
        else
        {
            parent[steps[^1]] = "the field under test";
        }

        return json.ToJsonString().Replace(Mark, value, StringComparison.Ordinal);
    }
}
