using System.Text;
using System.Text.Json;
using BinAuthz.Approval.Provenance;

namespace BinAuthz.Tests.Approval.Provenance;

public sealed class DssePreAuthEncodingTests
{
    [Fact]
    public void Encode_SpecificationExample_IsItsBytes() =>
        Assert.Equal("DSSEv1 29 http://example.com/HelloWorld 11 hello world", Encoding.UTF8.GetString(DssePreAuthEncoding.Encode("http://example.com/HelloWorld", "hello world"u8)));

    [Fact]
    public void Encode_GcloudSample_IsGcloudsBytes()
    {
        var expected = TestData.Bytes("attestation/pae-payload.bin");

        Assert.Equal(expected, DssePreAuthEncoding.Encode("application/vnd.dev.cosign.simplesigning.v1+json", TestData.Bytes("attestation/payload-gcloud.json")));
    }

    [Fact]
    public void Encode_NotAscii_CountsBytes() =>
        Assert.Equal("DSSEv1 2 é 0 ", Encoding.UTF8.GetString(DssePreAuthEncoding.Encode("é", [])));

    [Fact]
    public void Encode_RecordedProvenance_IsWhatWasSigned()
    {
        using var document = JsonDocument.Parse(TestData.Bytes("vuln/build-provenance-slsa-v1.json"));
        var envelope = document.RootElement.GetProperty("envelope");
        var covered = DssePreAuthEncoding.Encode(envelope.GetProperty("payloadType").GetString()!, envelope.GetProperty("payload").GetBytesFromBase64());

        Assert.True(ProvenanceSamples.GoogleKey.Verify(covered, envelope.GetProperty("signatures")[0].GetProperty("sig").GetBytesFromBase64()));
    }
}
