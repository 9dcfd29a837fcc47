using System.Text;
using BinAuthz.Attestations;
using BinAuthz.Images;
using FsCheck.Xunit;

namespace BinAuthz.Tests.Attestations;

public sealed class AttestationPayloadTests
{
    private const string Digest = "sha256:708a5f9d8de66561de5129583928203b05587db98b695fa982ec4a5b8a3e94bc";

    [Theory]
    [InlineData("us-docker.pkg.dev/acme-prod/apps/web@" + Digest)]
    [InlineData("https://us-docker.pkg.dev/acme-prod/apps/web:v1@" + Digest)]
    public void Create_SampleImage_IsGcloudsBytes(string image) =>
        Assert.Equal(TestData.Bytes("attestation/payload-gcloud.json"), AttestationPayload.Create(ImageReference.Parse(image)));

    [Theory]
    [InlineData("attestation/payload-gcloud.json")]
    [InlineData("attestation/payload-compact.json")]
    public void TryParse_EveryLayout_ReadsTheSame(string sample)
    {
        Assert.True(AttestationPayload.TryParse(TestData.Bytes(sample), out var payload, out _));

        Assert.Equal("us-docker.pkg.dev/acme-prod/apps/web", payload.DockerReference);
        Assert.Equal(Digest, payload.Digest.Value);
        Assert.True(payload.HasKnownType);
    }

    [Theory]
    [InlineData("", "not JSON")]
    [InlineData("hello", "not JSON")]
    [InlineData("[]", "no critical.image.docker-manifest-digest")]
    [InlineData("{}", "no critical.image.docker-manifest-digest")]
    [InlineData("""{"critical":{"image":{"docker-manifest-digest":1},"type":"t"}}""", "no critical.image.docker-manifest-digest")]
    [InlineData("""{"critical":{"image":{"docker-manifest-digest":"sha256:1"},"type":"t"}}""", "'sha256:1' is not sha256: and 64")]
    [InlineData("""{"critical":{"image":{"docker-manifest-digest":"sha256:708a5f9d8de66561de5129583928203b05587db98b695fa982ec4a5b8a3e94bc"}}}""", "no critical.type")]
    [InlineData("""{"critical":{"type":"t"},"critical":{"type":"u"}}""", "not JSON")]
    [InlineData("""{"critical":{"image":{"docker-manifest-digest":"\ud800"},"type":"t"}}""", "not JSON")]
    public void TryParse_NotAPayload_SaysWhy(string text, string reason)
    {
        Assert.False(AttestationPayload.TryParse(Encoding.UTF8.GetBytes(text), out _, out var error));
        Assert.Contains(reason, error, StringComparison.Ordinal);
    }

    [Property(Arbitrary = [typeof(Names)])]
    public bool TryParse_Created_IsTheImage(ImageName name, byte[] manifest)
    {
        var image = ImageReference.Parse($"{name.Value}@{ImageDigest.Of(manifest)}");

        return AttestationPayload.TryParse(AttestationPayload.Create(image), out var payload, out _)
            && payload.DockerReference == image.Name && payload.Digest == image.Digest && payload.HasKnownType;
    }
}
