using System.Text;
using BinAuthz.Functions.Events;
using BinAuthz.Images;
using BinAuthz.Signing;
using BinAuthz.Tests.Decisions;

namespace BinAuthz.Tests.Functions;

public sealed class RotationMessageTests
{
    private const string Digest = "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    private static readonly ImageReference[] Images = [DecisionSamples.Image, DecisionSamples.Image.WithDigest(DecisionSamples.Platform)];

    [Fact]
    public void Read_RequestToResign_IsWhatWasWritten()
    {
        var request = new ResignRequest(DecisionSamples.Name, DecisionSamples.Key, Images);

        var read = Assert.IsType<ImageNotification.Resign>(ImageNotification.Read(request.ToJson())).Request;

        Assert.Equal((request.Attestor, request.Key), (read.Attestor, read.Key));
        Assert.Equal(Images, read.Images);
    }

    [Fact]
    public void Read_RequestToWeigh_IsWhatWasWritten() =>
        Assert.Equal(Images, Assert.IsType<ImageNotification.Weigh>(ImageNotification.Read(new WeighRequest(Images).ToJson())).Request.Images);

    [Theory]
    [InlineData("""{"resign":[]}""", "'resign' cannot be read: an object")]
    [InlineData("""{"resign":{"attestor":"A","key":"K"}}""", "'resign.images' cannot be read: a list of 1 to 1000")]
    [InlineData("""{"resign":{"attestor":"A","key":"K","images":[]}}""", "'resign.images'")]
    [InlineData("""{"resign":{"attestor":"A","key":"K","images":["gcr.io/p/i:tag"]}}""", "'resign.images[0]'")]
    [InlineData("""{"resign":{"attestor":"A","key":"K","images":[7]}}""", "'resign.images[0]'")]
    [InlineData("""{"resign":{"attestor":"nobody","key":"K","images":["gcr.io/p/i@DIGEST"]}}""", "'resign.attestor' cannot be read: projects/PROJECT/attestors/ID")]
    [InlineData("""{"resign":{"attestor":7,"key":"K","images":["gcr.io/p/i@DIGEST"]}}""", "'resign.attestor' cannot be read: a text")]
    [InlineData("""{"resign":{"attestor":"projects/p/attestors/a","key":"7","images":["gcr.io/p/i@DIGEST"]}}""", "'resign.key'")]
    [InlineData("""{"resign":{"attestor":"A","key":"K","images":["gcr.io/p/i@DIGEST"],"force":true}}""", "'resign.force'")]
    [InlineData("""{"weigh":{"attestor":"A","images":["gcr.io/p/i@DIGEST"]}}""", "'weigh.attestor'")]
    [InlineData("""{"weigh":{"images":"gcr.io/p/i@DIGEST"}}""", "'weigh.images'")]
    public void Read_RequestThatIsWrong_SaysWhere(string text, string expected)
    {
        var error = Assert.Throws<UnreadableEventException>(() => ImageNotification.Read(Encoding.UTF8.GetBytes(text.Replace("DIGEST", Digest, StringComparison.Ordinal))));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_MoreImagesThanOneBatchStores_IsUnreadable()
    {
        var request = new WeighRequest([.. Enumerable.Repeat(DecisionSamples.Image, 1001)]);

        Assert.Throws<UnreadableEventException>(() => ImageNotification.Read(request.ToJson()));
    }

    [Fact]
    public void Read_TextThatIsNotUtf8_IsUnreadable() =>
        Assert.Throws<UnreadableEventException>(() => ImageNotification.Read([.. "{\"action\":\""u8, 0xC3, 0x28, .. "\"}"u8]));
}
