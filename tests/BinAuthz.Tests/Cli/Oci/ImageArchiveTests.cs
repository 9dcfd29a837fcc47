using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using BinAuthz.Cli;
using BinAuthz.Cli.Oci;

namespace BinAuthz.Tests.Cli.Oci;

public sealed class ImageArchiveTests : IDisposable
{
    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;
    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task Open_LayoutDirectory_HasTheImageAndItsBlobs()
    {
        var made = new ImageMaker(directory.Path).MakeImage("hello");

        using var archive = await ImageArchive.OpenAsync(directory.Path, "latest", Cancellation);

        Assert.Equal(made, archive.Root);
        var references = await archive.ReferencesAsync(archive.Root, Cancellation);
        Assert.Equal([MediaTypes.OciConfig, MediaTypes.OciGzipLayer], references.Select(each => each.MediaType));
        Assert.All(references, each => Assert.Equal(each.Digest, DigestOf(archive, each)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Open_TarOfALayout_IsTheSameImage(bool gzip)
    {
        Directory.CreateDirectory(directory["layout"]);
        var made = new ImageMaker(directory["layout"]).MakeMultiPlatformImage("hello");
        await TarFile.CreateFromDirectoryAsync(directory["layout"], directory["plain.tar"], includeBaseDirectory: false, Cancellation);
        var tar = gzip ? Compress(directory["plain.tar"]) : directory["plain.tar"];

        using var archive = await ImageArchive.OpenAsync(tar, "latest", Cancellation);

        Assert.Equal(made, archive.Root);
        Assert.Equal(4, (await archive.ReferencesAsync(archive.Root, Cancellation)).Count);
    }

    [Fact]
    public async Task Open_DockerArchiveWithALinkedLayer_MakesOneManifestForIt()
    {
        var layer = Encoding.UTF8.GetBytes("not gzipped");
        WriteTar(
            ("config.json", """{"architecture":"amd64","os":"linux"}"""u8.ToArray(), null),
            ("first.tar", layer, null),
            ("second/layer.tar", [], "../first.tar"),
            ("manifest.json", """[{"Config":"config.json","RepoTags":["app:1"],"Layers":["first.tar","second/layer.tar"]}]"""u8.ToArray(), null));

        using var archive = await ImageArchive.OpenAsync(directory["image.tar"], "latest", Cancellation);

        Assert.Equal(MediaTypes.OciManifest, archive.Root.MediaType);
        var references = await archive.ReferencesAsync(archive.Root, Cancellation);
        Assert.Equal([MediaTypes.OciConfig, MediaTypes.OciLayer, MediaTypes.OciLayer], references.Select(each => each.MediaType));
        Assert.All(references, each => Assert.Equal(each.Digest, DigestOf(archive, each)));
        Assert.Equal(Digests.Of(layer), references[2].Digest);
    }

    [Fact]
    public async Task Open_SeveralImages_TakesTheOneWithTheTag()
    {
        var first = new ImageMaker(directory.Path).MakeImage("first");
        var second = new ImageMaker(directory.Path).MakeImage("second");
        await WriteIndexAsync(Named(first, "1.0"), Named(second, "app:2.0"));

        using var archive = await ImageArchive.OpenAsync(directory.Path, "2.0", Cancellation);

        Assert.Equal(second.Digest, archive.Root.Digest);
    }

    [Fact]
    public async Task Open_SeveralImagesNoneWithTheTag_ListsThem()
    {
        var made = new ImageMaker(directory.Path).MakeImage("first");
        await WriteIndexAsync(Named(made, "1.0"), Named(made, "2.0"));

        var error = await Assert.ThrowsAsync<CommandException>(() => ImageArchive.OpenAsync(directory.Path, "3.0", Cancellation));

        Assert.Contains("1.0, 2.0", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_ManifestWithOtherContent_IsDamaged()
    {
        var made = new ImageMaker(directory.Path).MakeImage("hello");
        await File.WriteAllTextAsync(Path.Combine(directory.Path, "blobs", made.Digest.Replace(':', '/')), "{}", Cancellation);
        using var archive = await ImageArchive.OpenAsync(directory.Path, "latest", Cancellation);

        var error = await Assert.ThrowsAsync<CommandException>(() => archive.ReadAsync(archive.Root, Cancellation));

        Assert.Equal(ExitCode.Usage, error.Code);
        Assert.Contains(made.Digest, error.Message, StringComparison.Ordinal);
        Assert.Contains(Digests.Of("{}"u8), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_ReferenceThatIsNoDigest_IsRefused()
    {
        await WriteIndexAsync(new JsonObject { ["mediaType"] = MediaTypes.OciManifest, ["digest"] = "sha256:../../../etc/passwd", ["size"] = 1 });

        var error = await Assert.ThrowsAsync<CommandException>(() => ImageArchive.OpenAsync(directory.Path, "latest", Cancellation));

        Assert.Contains("sha256", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_TarWithPathsOutside_WritesNothingOutside()
    {
        WriteTar(("../../escaped.txt", "x"u8.ToArray(), null), ("index.json", """{"manifests":[]}"""u8.ToArray(), null));

        await Assert.ThrowsAsync<CommandException>(() => ImageArchive.OpenAsync(directory["image.tar"], "latest", Cancellation));

        Assert.False(File.Exists(Path.Combine(Path.GetTempPath(), "..", "escaped.txt")));
        Assert.False(File.Exists(Path.Combine(Path.GetTempPath(), "escaped.txt")));
    }

    [Theory]
    [InlineData("nothing there", "There is no")]
    [InlineData("", "neither index.json")]
    public async Task Open_NoImage_SaysWhatIsExpected(string name, string expected)
    {
        var error = await Assert.ThrowsAsync<CommandException>(() => ImageArchive.OpenAsync(Path.Combine(directory.Path, name), "latest", Cancellation));

        Assert.Equal(ExitCode.Usage, error.Code);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_FileThatIsNoTar_SaysSo()
    {
        await File.WriteAllBytesAsync(directory["image.tar"], [.. Enumerable.Repeat((byte)'x', 2048)], Cancellation);

        var error = await Assert.ThrowsAsync<CommandException>(() => ImageArchive.OpenAsync(directory["image.tar"], "latest", Cancellation));

        Assert.Contains("no readable tar archive", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_DockerArchiveWithTwoImages_AsksForOne()
    {
        WriteTar(("manifest.json", "[{},{}]"u8.ToArray(), null));

        var error = await Assert.ThrowsAsync<CommandException>(() => ImageArchive.OpenAsync(directory["image.tar"], "latest", Cancellation));

        Assert.Contains("exactly one image", error.Message, StringComparison.Ordinal);
    }

    private static string DigestOf(ImageArchive archive, Descriptor blob)
    {
        using var content = archive.OpenBlob(blob);
        using var copy = new MemoryStream();
        content.CopyTo(copy);
        return Digests.Of(copy.ToArray());
    }

    private static JsonObject Named(Descriptor image, string name)
    {
        var json = image.ToJson();
        json["annotations"] = new JsonObject { ["org.opencontainers.image.ref.name"] = name };
        return json;
    }

    private Task WriteIndexAsync(params JsonNode[] manifests) =>
        File.WriteAllTextAsync(directory["index.json"], new JsonObject { ["schemaVersion"] = 2, ["manifests"] = new JsonArray(manifests) }.ToJsonString(), Cancellation);

    private string Compress(string file)
    {
        using var gzip = new GZipStream(File.Create(directory["image.tar.gz"]), CompressionLevel.Fastest);
        gzip.Write(File.ReadAllBytes(file));
        return directory["image.tar.gz"];
    }

    private void WriteTar(params (string Name, byte[] Content, string? Link)[] entries)
    {
        using var writer = new TarWriter(File.Create(directory["image.tar"]), TarEntryFormat.Pax);
        foreach (var (name, content, link) in entries)
        {
            writer.WriteEntry(link is null
                ? new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(content) }
                : new PaxTarEntry(TarEntryType.SymbolicLink, name) { LinkName = link });
        }
    }
}
