using System.Text;
using System.Text.Json.Nodes;
using BinAuthz.Denials;

namespace BinAuthz.Tests.Denials;

public sealed class LogEntryReaderTests
{
    private const string Denial = "gke-deny-no-attestation";
    private const string DryRun = "gke-dryrun-would-deny";
    private const string Hook = "admission webhook \"imagepolicywebhook.image-policy.k8s.io\" denied the request: ";
    private const string Release = "projects/acme-security/attestors/release";
    private const string Debug = "us-docker.pkg.dev/acme-prod/apps/debug@sha256:ceffe727ab2fa2c7c3322ee4a1aa0c2d2a4664836c2133df93dd15055bb617be";

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("\"text\"")]
    [InlineData("null")]
    [InlineData("{\"a\":1")]
    [InlineData("{} {}")]
    [InlineData("<html/>")]
    public void Read_NoJsonObject_ThrowsFormatException(string text) =>
        Assert.StartsWith("The log entry is no JSON", Assert.Throws<FormatException>(() => LogEntryReader.Read(Encoding.UTF8.GetBytes(text))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"sweep":true}""")]
    [InlineData("""{"logName":7,"protoPayload":[],"resource":"x","labels":null}""")]
    [InlineData("""{"logName":"projects/p/logs/cloudaudit.googleapis.com%2Factivity","protoPayload":{"serviceName":"compute.googleapis.com"}}""")]
    [InlineData("""{"logName":"projects/p/logs/stdout","textPayload":"Image x denied by Binary Authorization default admission rule."}""")]
    public void Read_UnknownEntry_IsIgnoredWithAReason(string text)
    {
        var reading = LogEntryReader.Read(Encoding.UTF8.GetBytes(text));

        Assert.Empty(reading.Findings);
        Assert.Contains("tell nothing about admission or trust", reading.Ignored, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("projects/acme-prod/logs/stdout")]
    [InlineData("projects/acme-prod/logs/cloudaudit.googleapis.com%2Fdata_access")]
    [InlineData("")]
    public void Read_DenialInALogThatAnybodyWrites_IsIgnored(string logName) => Assert.Empty(LogSamples.Read(Denial, entry => entry["logName"] = logName).Findings);

    [Theory]
    [InlineData("2026-10-01T09:00:00.123456Z", 1234560)]
    [InlineData("2026-10-01T09:00:00.123456789Z", 1234568)]
    [InlineData("2026-10-01T11:00:00.5+02:00", 5000000)]
    public void Read_Timestamp_IsUtcWithItsFraction(string timestamp, int ticks)
    {
        var source = Assert.Single(LogSamples.Read(Denial, entry => entry["timestamp"] = timestamp).Findings).Source;

        Assert.Equal(new DateTimeOffset(2026, 10, 1, 9, 0, 0, TimeSpan.Zero).AddTicks(ticks), source.Time);
        Assert.Equal(TimeSpan.Zero, source.Time.Offset);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"code":0}""")]
    [InlineData("""{"code":"0"}""")]
    [InlineData(null)]
    public void Read_SuccessInEveryForm_Counts(string? status)
    {
        Assert.Single(LogSamples.Read(DryRun, entry => entry["protoPayload"]!["status"] = Parse(status)).Findings);
        Assert.Single(LogSamples.Read("binauthz-update-attestor", entry => entry["protoPayload"]!["status"] = Parse(status)).Findings);
    }

    [Theory]
    [InlineData("""{"code":7}""")]
    [InlineData("""{"code":"7"}""")]
    [InlineData("""{"code":{}}""")]
    public void Read_FailedCall_ChangedNothing(string status)
    {
        Assert.Empty(LogSamples.Read(DryRun, entry => entry["protoPayload"]!["status"] = Parse(status)).Findings);
        Assert.Empty(LogSamples.Read("binauthz-update-attestor", entry => entry["protoPayload"]!["status"] = Parse(status)).Findings);
    }

    [Fact]
    public void Read_PrincipalWithoutMail_IsTheSubject() => Assert.Equal("principal://iam.googleapis.com/x", Assert.Single(LogSamples.Read(Denial, entry =>
        entry["protoPayload"]!["authenticationInfo"] = new JsonObject { ["principalSubject"] = "principal://iam.googleapis.com/x" }).Findings).Principal);

    [Fact]
    public void Read_ProjectOfTheResourceMissing_IsTheLogs() =>
        Assert.Equal("acme-prod", Assert.Single(LogSamples.Read(Denial, entry => entry["resource"]!["labels"]!.AsObject().Remove("project_id")).Findings).Source.Project);

    [Theory]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("<!channel> */deploy production*")]
    [InlineData("a\u0007b\u001b[31m\u202egnp.exe\u2066")]
    [InlineData("x\" denied the request: Image victim denied by Binary Authorization default admission rule. Denied by always_deny admission rule")]
    [InlineData("evil denied by attestor projects/victim/attestors/a: no. Image nginx denied by Binary Authorization default admission rule.")]
    [InlineData("Image evil denied by Binary Authorization default admission rule. Image evil denied by attestor projects/victim/attestors/a: x")]
    [InlineData("'nginx' : Image nginx denied by attestor projects/victim/attestors/a: no\n'b'")]
    [InlineData("denied by")]
    [InlineData("'")]
    public void Read_ImageThatSpellsSomethingElse_IsTheOnlyOneFound(string image)
    {
        var reading = LogSamples.Read(Denial, entry => Deny(entry, [image, "nginx"], image));

        var finding = Assert.Single(reading.Findings);
        Assert.Equal(image, finding.Image);
        Assert.Equal([Release], finding.Attestors.Select(attestor => attestor.ToString()));
        Assert.Contains(image, finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_ImagesThatBeginAlike_AreToldApart()
    {
        string[] images = ["reg.example/app", "reg.example/app:1", "reg.example/app:1.2"];

        Assert.Equal([images[1]], LogSamples.Read(Denial, entry => Deny(entry, images, images[1])).Findings.Select(finding => finding.Image));
        Assert.Equal(images, LogSamples.Read(Denial, entry => Deny(entry, images, images)).Findings.Select(finding => finding.Image));
    }

    [Theory]
    [InlineData("metadata", "labels")]
    [InlineData("metadata", "annotations")]
    public void Read_DenialQuotedInAnotherField_IsNoFinding(string outer, string inner) => Assert.Empty(LogSamples.Read("gke-rbac-forbidden-NOT-binauthz", entry =>
        entry["protoPayload"]!["request"]![outer]![inner] = new JsonObject { ["note"] = $"{Hook}Image evil denied by Binary Authorization default admission rule." }).Findings);

    [Fact]
    public void Read_RefusalWithoutAReason_IsNoFinding() => Assert.Empty(LogSamples.Read(Denial, entry => entry["protoPayload"]!["response"]!["reason"] = "InternalError").Findings);

    [Fact]
    public void Read_MessageWithoutAnImage_IsAboutThePodsOnlyOne()
    {
        Assert.Equal(Debug, Assert.Single(LogSamples.Read(Denial, entry => Message(entry, $"{Hook}policy")).Findings).Image);
        Assert.Null(Assert.Single(LogSamples.Read("composed/gke-deny-several-images", entry => Message(entry, $"{Hook}policy")).Findings).Image);
    }

    [Theory]
    [InlineData("true", true)]
    [InlineData("imagepolicywebhook.image-policy.k8s.io", true)]
    [InlineData("false", false)]
    public void Read_OwnFailOpenLabel_CountsUnlessFalse(string value, bool found) => Assert.Equal(found, LogSamples.Read("gke-failopen-alt-label", entry =>
        entry["labels"]!["imagepolicywebhook.image-policy.k8s.io/failed-open"] = value).Findings.Count == 1);

    [Fact]
    public void Read_FailOpenOfSeveralImages_FindsEachOnce()
    {
        var images = LogSamples.Read("composed/gke-breakglass-several-images", entry =>
        {
            entry["labels"] = new JsonObject { ["failed-open.validating.webhook.admission.k8s.io/round_1_index_7"] = "imagepolicywebhook.image-policy.k8s.io" };
            entry["protoPayload"]!["request"]!["metadata"]!["labels"] = null;
            entry["protoPayload"]!["response"]!["metadata"]!["labels"] = null;
        }).Findings;

        Assert.Equal([FindingKind.FailOpen, FindingKind.FailOpen, FindingKind.FailOpen], images.Select(finding => finding.Kind));
        Assert.Equal(3, images.Select(finding => finding.Image).Distinct().Count());
    }

    [Fact]
    public void Read_UpdateOfAPodWithTheOldAnnotation_IsNoBreakGlass() => Assert.Empty(LogSamples.Read("composed/gke-breakglass-old-annotation", entry =>
        entry["protoPayload"]!["methodName"] = "io.k8s.core.v1.pods.update").Findings);

    [Fact]
    public void Read_RefusedDeploymentWithBreakGlass_IsADenialWithItsJustification()
    {
        var finding = Assert.Single(LogSamples.Read("cloudrun-deny", entry =>
            entry["protoPayload"]!["response"]!["metadata"]!["annotations"]!["run.googleapis.com/binary-authorization-breakglass"] = "INC-1").Findings);

        Assert.Equal((FindingKind.Denial, "INC-1"), (finding.Kind, finding.Justification));
    }

    [Fact]
    public void Read_TagResolvedByCloudRun_IsTheDigestThatWasJudged() => Assert.Equal(Debug, Assert.Single(LogSamples.Read("cloudrun-check-failed", entry =>
        entry["protoPayload"]!["response"]!["spec"]!["containers"]![0]!["image"] = "us-docker.pkg.dev/acme-prod/apps/debug:latest").Findings).Image);

    [Fact]
    public void Read_CheckOfPlatformPolicy_TellsItsExplanation() =>
        Assert.Equal("Image is older than 30 days", LogSamples.Read("composed/cv-violation-several-images").Findings[1].Message);

    [Fact]
    public void Read_PodThatConforms_IsIgnored() => Assert.Empty(LogSamples.Read("cv-violation", entry => entry["jsonPayload"]!["podEvent"]!["verdict"] = "CONFORMS_TO_POLICY").Findings);

    private static JsonNode? Parse(string? json) => json is null ? null : JsonNode.Parse(json);

    private static void Message(JsonNode entry, string message) => entry["protoPayload"]!["response"]!["message"] = message;

    private static void Deny(JsonNode entry, string[] images, params string[] denied)
    {
        entry["protoPayload"]!["request"]!["spec"]!["containers"] = new JsonArray([.. images.Select(image => new JsonObject { ["name"] = "c", ["image"] = image })]);
        Message(entry, Hook + string.Join(' ', denied.Select(image => $"Image {image} denied by Binary Authorization default admission rule. Image {image} denied by attestor {Release}: No attestations found")));
    }
}
