using System.Text.Json;
using System.Text.Json.Nodes;
using BinAuthz.Approval.Pushes;

namespace BinAuthz.Tests.Approval.Pushes;

public sealed class PushLogEntryTests
{
    private const string Digest = "sha256:708a5f9d8de66561de5129583928203b05587db98b695fa982ec4a5b8a3e94bc";

    [Fact]
    public void TryRead_Sample_IsThePush()
    {
        var push = Read(_ => { });

        Assert.NotNull(push);
        Assert.Equal("builder@acme-prod.iam.gserviceaccount.com", push.Principal);
        Assert.Equal(("us-docker.pkg.dev/acme-prod/apps/web", "1.4.0"), (push.Image, push.Reference));
        Assert.Equal(DateTimeOffset.Parse("2026-10-01T00:00:00.123456Z", System.Globalization.CultureInfo.InvariantCulture), push.Time);
        Assert.Equal("projects/acme-prod/logs/cloudaudit.googleapis.com%2Fdata_access/a1b2c3d4e5", push.Entry);
        Assert.Matches("^sha256:[0-9a-f]{64}$", push.Digest);
    }

    [Theory]
    [InlineData("dockerImages/team%2Fserver", "/v2/acme-prod/apps/team/server/manifests/1", "us-docker.pkg.dev/acme-prod/apps/team/server", "1")]
    [InlineData("dockerImages/web@" + Digest, "/v2/acme-prod/apps/web/manifests/1", "us-docker.pkg.dev/acme-prod/apps/web", Digest)]
    [InlineData("dockerImages/web", "/v2/acme-prod/apps/web/manifests/" + Digest, "us-docker.pkg.dev/acme-prod/apps/web", Digest)]
    [InlineData("dockerImages/web", "/v2/acme-prod/apps/web/manifests/sha256%3A708a5f9d8de66561de5129583928203b05587db98b695fa982ec4a5b8a3e94bc", "us-docker.pkg.dev/acme-prod/apps/web", Digest)]
    [InlineData("dockerImages/web", "https://us-docker.pkg.dev/v2/acme-prod/apps/web/manifests/1?x=y", "us-docker.pkg.dev/acme-prod/apps/web", "1")]
    [InlineData("dockerImages/web", "", "us-docker.pkg.dev/acme-prod/apps/web", "")]
    [InlineData("", "/v2/acme-prod/apps/team/server/manifests/1", "us-docker.pkg.dev/acme-prod/apps/team/server", "1")]
    public void TryRead_ResourceAndUrl_GiveImageAndReference(string resource, string url, string image, string reference)
    {
        var push = Read(payload =>
        {
            payload["resourceName"] = $"projects/acme-prod/locations/us/repositories/apps/{resource}".TrimEnd('/');
            payload["request"]!["requestUrl"] = url;
        });

        Assert.Equal((image, reference), (push?.Image, push?.Reference));
    }

    [Fact]
    public void TryRead_RepositoryOfGcrIo_IsTheImageAsItIsCalled()
    {
        var push = Read(payload =>
        {
            payload["resourceName"] = "projects/acme-prod/locations/us/repositories/gcr.io/dockerImages/web";
            payload["request"]!["requestUrl"] = "/v2/acme-prod/web/manifests/1";
        });

        Assert.Equal("gcr.io/acme-prod/web", push?.Image);
    }

    [Theory]
    [InlineData("serviceName", "storage.googleapis.com")]
    [InlineData("methodName", "Docker-GetManifest")]
    [InlineData("methodName", "Docker-PutManifestList")]
    [InlineData("resourceName", "projects/acme-prod")]
    public void TryRead_AnotherEntry_IsNone(string member, string value) => Assert.Null(Read(payload =>
    {
        payload[member] = value;
        payload["authorizationInfo"] = null;
    }));

    [Theory]
    [InlineData("""{"code":7,"message":"denied"}""", true)]
    [InlineData("""{"code":"7"}""", true)]
    [InlineData("""{"code":0}""", false)]
    [InlineData("""{"code":"0"}""", false)]
    [InlineData("{}", false)]
    [InlineData("null", false)]
    public void TryRead_Status_FailedPushesDoNotCount(string status, bool failed) =>
        Assert.Equal(failed, Read(payload => payload["status"] = JsonNode.Parse(status)) is null);

    [Theory]
    [InlineData("2026-10-01T00:00:00.123456789Z", 1234568)]
    [InlineData("2026-10-01T00:00:00.123456Z", 1234560)]
    [InlineData("2026-10-01T02:00:00+02:00", 0)]
    public void TryRead_Timestamp_KeepsTheFraction(string text, long ticks)
    {
        var entry = Sample();
        entry["timestamp"] = text;

        Assert.Equal(new DateTimeOffset(2026, 10, 1, 0, 0, 0, TimeSpan.Zero).AddTicks(ticks), Read(entry)?.Time);
    }

    [Fact]
    public void TryRead_MembersMissing_StillReads()
    {
        var entry = Sample();
        foreach (var member in new[] { "timestamp", "insertId", "logName", "resource", "severity" })
        {
            entry.Remove(member);
        }

        entry["protoPayload"]!.AsObject().Remove("authenticationInfo");
        entry["protoPayload"]!.AsObject().Remove("@type");

        var push = Read(entry);

        Assert.Equal(("", "us-docker.pkg.dev/acme-prod/apps/web", 1), (push?.Principal, push?.Image, push?.Time.Second));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("""{"protoPayload":7}""")]
    [InlineData("""{"protoPayload":{"serviceName":"artifactregistry.googleapis.com","methodName":"Docker-PutManifest"}}""")]
    [InlineData("""{"protoPayload":{"serviceName":"artifactregistry.googleapis.com","methodName":"Docker-PutManifest","resourceName":7,"request":[],"authorizationInfo":{}}}""")]
    public void TryRead_OtherJson_IsNone(string json) => Assert.Null(Read(JsonNode.Parse(json)!));

    private static JsonObject Sample() => JsonNode.Parse(TestData.Bytes("logs/ar-docker-put-manifest.json"))!.AsObject();

    private static PushRecord? Read(Action<JsonNode> change)
    {
        var entry = Sample();
        change(entry["protoPayload"]!);
        return Read(entry);
    }

    private static PushRecord? Read(JsonNode entry)
    {
        using var document = JsonDocument.Parse(entry.ToJsonString());
        return PushLogEntry.TryRead(document.RootElement, out var push) ? push : null;
    }
}
