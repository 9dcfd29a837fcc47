using System.Text;
using BinAuthz.Approval;
using BinAuthz.Functions.Events;

namespace BinAuthz.Tests.Functions;

public sealed class ImageNotificationTests
{
    [Theory]
    [InlineData("ar-insert-digest.json")]
    [InlineData("ar-insert-tag.json")]
    public void Read_InsertWithDigest_IsPushOfThatDigest(string file)
    {
        var pushed = Assert.IsType<ImageNotification.Pushed>(ImageNotification.Read(TestData.Bytes($"events/{file}")));

        Assert.Equal("us-docker.pkg.dev/acme-prod/apps/web@sha256:708a5f9d8de66561de5129583928203b05587db98b695fa982ec4a5b8a3e94bc", pushed.Image.ToString());
    }

    [Theory]
    [InlineData("ar-delete-digest.json")]
    [InlineData("ar-delete-tag.json")]
    [InlineData("ar-insert-cosign-sig-IGNORE.json")]
    public void Read_WhatNothingFollowsFrom_IsNothing(string file) =>
        Assert.IsType<ImageNotification.Nothing>(ImageNotification.Read(TestData.Bytes($"events/{file}")));

    [Theory]
    [InlineData("att")]
    [InlineData("sbom")]
    public void Read_TagOfWhatBelongsToAnImage_IsNothing(string suffix) => Assert.IsType<ImageNotification.Nothing>(Read(
        $$"""{"action":"INSERT","digest":"us-docker.pkg.dev/p/r/i@sha256:{{new string('a', 64)}}","tag":"us-docker.pkg.dev/p/r/i:sha256-{{new string('b', 64)}}.{{suffix}}"}"""));

    [Fact]
    public void Read_TagWithoutDigest_IsNothing() => Assert.IsType<ImageNotification.Nothing>(Read("""{"action":"INSERT","tag":"us-docker.pkg.dev/p/r/i:1"}"""));

    [Theory]
    [InlineData("BUILD", (int)EvidenceNeeds.Provenance)]
    [InlineData("DISCOVERY", (int)EvidenceNeeds.Scans)]
    [InlineData("ATTESTATION", (int)EvidenceNeeds.Attestations)]
    public void Read_EvidenceStored_NamesTheOccurrence(string kind, int evidence)
    {
        var stored = Assert.IsType<ImageNotification.EvidenceStored>(Read($$"""{"name":"projects/p/occurrences/o1","kind":"{{kind}}","notificationTime":"2026-10-01T08:16:40Z"}"""));

        Assert.Equal(new ImageNotification.EvidenceStored("projects/p/occurrences/o1", (EvidenceNeeds)evidence), stored);
    }

    [Fact]
    public void Read_RecordedScan_IsEvidence() =>
        Assert.Equal(EvidenceNeeds.Scans, Assert.IsType<ImageNotification.EvidenceStored>(ImageNotification.Read(TestData.Bytes("events/container-analysis-notification.json"))).Kind);

    [Fact]
    public void Read_VulnerabilityFound_IsNothing() => Assert.IsType<ImageNotification.Nothing>(Read("""{"name":"projects/p/occurrences/o1","kind":"VULNERABILITY"}"""));

    [Fact]
    public void Read_AuditEntryOfAPush_TellsWhoPushedWhat()
    {
        var audited = Assert.IsType<ImageNotification.Audited>(ImageNotification.Read(TestData.Bytes("logs/ar-docker-put-manifest.json")));

        Assert.Equal(("builder@acme-prod.iam.gserviceaccount.com", "us-docker.pkg.dev/acme-prod/apps/web", "1.4.0"), (audited.Push.Principal, audited.Push.Image, audited.Push.Reference));
    }

    [Theory]
    [InlineData("kms-asymmetric-sign.json")]
    [InlineData("gke-deny-no-attestation.json")]
    [InlineData("cv-violation.json")]
    [InlineData("cloudrun-deny.json")]
    public void Read_AnotherLogEntry_IsNothing(string file) => Assert.IsType<ImageNotification.Nothing>(ImageNotification.Read(TestData.Bytes($"logs/{file}")));

    [Fact]
    public void Read_AuditEntryOfASignature_IsNothing() => Assert.IsType<ImageNotification.Nothing>(
        Read(TestData.Text("logs/ar-docker-put-manifest.json").Replace("manifests/1.4.0", $"manifests/sha256-{new string('b', 64)}.sig", StringComparison.Ordinal)));

    [Theory]
    [InlineData("", "no JSON document")]
    [InlineData("not json", "no JSON document")]
    [InlineData("[]", "neither the field 'action'")]
    [InlineData("{}", "neither the field 'action'")]
    [InlineData("""{"action":7}""", "neither the field 'action'")]
    [InlineData("""{"action":"INSERT","digest":"us-docker.pkg.dev/p/r/i@sha256:ABC"}""", "The field 'digest' is 'us-docker.pkg.dev/p/r/i@sha256:ABC'")]
    [InlineData("""{"action":"INSERT","digest":"us-docker.pkg.dev/p/r/i:tag"}""", "The field 'digest' is")]
    [InlineData("""{"name":"o1","kind":"BUILD"}""", "The field 'name' is 'o1'")]
    public void Read_OtherText_IsUnreadableAndSaysWhy(string text, string reason)
    {
        var error = Assert.Throws<UnreadableEventException>(() => Read(text));

        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    private static ImageNotification Read(string text) => ImageNotification.Read(Encoding.UTF8.GetBytes(text));
}
