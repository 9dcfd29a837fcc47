using System.Formats.Tar;
using System.IO.Compression;
using System.Text.Json.Nodes;
using BinAuthz.Cli.Oci;

namespace BinAuthz.Tests.Cli.Oci;

public sealed class ImageMakerTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Fact]
    public void MakeImage_SameMessage_HasTheSameDigest()
    {
        using var other = new TemporaryDirectory();

        Assert.Equal(new ImageMaker(directory.Path).MakeImage("hello"), new ImageMaker(other.Path).MakeImage("hello"));
        Assert.NotEqual(new ImageMaker(directory.Path).MakeImage("hello"), new ImageMaker(other.Path).MakeImage("world"));
    }

    [Fact]
    public void MakeImage_Layer_HasTheDiffIdOfTheConfigAndTheFile()
    {
        var image = Read(new ImageMaker(directory.Path).MakeImage("hello").Digest);

        var config = Read((string)image["config"]!["digest"]!);
        using var gzip = new GZipStream(File.OpenRead(Blob((string)image["layers"]![0]!["digest"]!)), CompressionMode.Decompress);
        using var tar = new MemoryStream();
        gzip.CopyTo(tar);
        Assert.Equal((string?)config["rootfs"]!["diff_ids"]![0], Digests.Of(tar.ToArray()));
        tar.Position = 0;
        using var reader = new TarReader(tar);
        var file = reader.GetNextEntry()!;
        Assert.Equal("hello.txt", file.Name);
        using var text = new StreamReader(file.DataStream!);
        Assert.Equal("hello", text.ReadToEnd());
    }

    [Fact]
    public void MakeMultiPlatformImage_Index_HasPlatformsAndTheirAttestationManifests()
    {
        var index = Read(new ImageMaker(directory.Path).MakeMultiPlatformImage("hello").Digest);

        var manifests = index["manifests"]!.AsArray();
        Assert.Equal(["linux/amd64", "unknown/unknown", "linux/arm64", "unknown/unknown"], manifests.Select(each => $"{each!["platform"]!["os"]}/{each["platform"]!["architecture"]}"));
        Assert.Equal((string?)manifests[0]!["digest"], (string?)manifests[1]!["annotations"]!["vnd.docker.reference.digest"]);
        Assert.All(manifests, each => Assert.Equal((string?)each!["digest"], Digests.Of(File.ReadAllBytes(Blob((string)each["digest"]!)))));
    }

    private JsonNode Read(string digest) => JsonNode.Parse(File.ReadAllBytes(Blob(digest)))!;

    private string Blob(string digest) => Path.Combine(directory.Path, "blobs", digest.Replace(':', Path.DirectorySeparatorChar));
}
