using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace BinAuthz.Cli.Oci;

/// <summary>Makes small, valid images as OCI layouts: a layer with one file, a config, a manifest. The same input gives the same digests.</summary>
internal sealed class ImageMaker(string directory)
{
    private static readonly DateTimeOffset Made = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Makes a layout of one image for one platform.</summary>
    /// <param name="message">The content of its only file, so that images differ.</param>
    /// <param name="traits">What it says of itself; null: it names no user and has no labels.</param>
    public Descriptor MakeImage(string message, ImageTraits? traits = null)
    {
        var image = WriteImage(message, "amd64", traits ?? new ImageTraits());
        WriteLayout(image);
        return image;
    }

    /// <summary>Makes a layout of a multi-platform image as buildx does: amd64, arm64, and the attestation manifest of each.</summary>
    /// <param name="message">The content of its files.</param>
    /// <param name="traits">What amd64 says of itself; null: it names no user and has no labels.</param>
    /// <param name="armTraits">What arm64 says of itself; null: the same.</param>
    public Descriptor MakeMultiPlatformImage(string message, ImageTraits? traits = null, ImageTraits? armTraits = null)
    {
        var manifests = new JsonArray();
        foreach (var architecture in (string[])["amd64", "arm64"])
        {
            var image = WriteImage(message, architecture, (architecture == "arm64" ? armTraits : null) ?? traits ?? new ImageTraits());
            manifests.Add(WithPlatform(image, "linux", architecture));
            var attestation = WithPlatform(WriteAttestationManifest(image), "unknown", "unknown");
            attestation["annotations"] = new JsonObject
            {
                ["vnd.docker.reference.digest"] = image.Digest,
                ["vnd.docker.reference.type"] = "attestation-manifest",
            };
            manifests.Add(attestation);
        }

        var index = WriteJson(MediaTypes.OciIndex, new JsonObject { ["schemaVersion"] = 2, ["mediaType"] = MediaTypes.OciIndex, ["manifests"] = manifests });
        WriteLayout(index);
        return index;
    }

    private Descriptor WriteImage(string message, string architecture, ImageTraits traits)
    {
        var tar = Tar("hello.txt", message);
        var layer = Write(MediaTypes.OciGzipLayer, Compress(tar));
        var config = new JsonObject();
        if (traits.Created is { } created)
        {
            config["created"] = created.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);
        }

        config["architecture"] = architecture;
        config["os"] = "linux";
        config["config"] = RunSettings(traits);
        config["rootfs"] = new JsonObject { ["type"] = "layers", ["diff_ids"] = new JsonArray(Digests.Of(tar)) };
        return WriteManifest(WriteJson(MediaTypes.OciConfig, config), layer);
    }

    private static JsonObject RunSettings(ImageTraits traits)
    {
        var settings = new JsonObject { ["Cmd"] = new JsonArray("/bin/cat", "/hello.txt") };
        if (traits.User is not null)
        {
            settings["User"] = traits.User;
        }

        if (traits.Labels.Count > 0)
        {
            settings["Labels"] = new JsonObject(traits.Labels.Select(label => KeyValuePair.Create(label.Key, (JsonNode?)label.Value)));
        }

        return settings;
    }

    // https://docs.docker.com/build/metadata/attestations/attestation-storage/
    private Descriptor WriteAttestationManifest(Descriptor image)
    {
        var statement = WriteJson("application/vnd.in-toto+json", new JsonObject
        {
            ["_type"] = "https://in-toto.io/Statement/v0.1",
            ["predicateType"] = "https://slsa.dev/provenance/v0.2",
            ["subject"] = new JsonArray(new JsonObject { ["name"] = "image", ["digest"] = new JsonObject { ["sha256"] = image.Digest["sha256:".Length..] } }),
            ["predicate"] = new JsonObject(),
        });
        var config = WriteJson(MediaTypes.OciConfig, new JsonObject
        {
            ["architecture"] = "unknown",
            ["os"] = "unknown",
            ["config"] = new JsonObject(),
            ["rootfs"] = new JsonObject { ["type"] = "layers", ["diff_ids"] = new JsonArray(statement.Digest) },
        });
        return WriteManifest(config, statement);
    }

    private Descriptor WriteManifest(Descriptor config, Descriptor layer) => WriteJson(MediaTypes.OciManifest, new JsonObject
    {
        ["schemaVersion"] = 2,
        ["mediaType"] = MediaTypes.OciManifest,
        ["config"] = config.ToJson(),
        ["layers"] = new JsonArray(layer.ToJson()),
    });

    private void WriteLayout(Descriptor root)
    {
        File.WriteAllText(Path.Combine(directory, "oci-layout"), """{"imageLayoutVersion":"1.0.0"}""");
        File.WriteAllText(Path.Combine(directory, "index.json"), new JsonObject { ["schemaVersion"] = 2, ["manifests"] = new JsonArray(root.ToJson()) }.ToJsonString());
    }

    private Descriptor WriteJson(string mediaType, JsonObject document) => Write(mediaType, JsonSerializer.SerializeToUtf8Bytes(document));

    private Descriptor Write(string mediaType, byte[] content)
    {
        var digest = Digests.Of(content);
        var blobs = Directory.CreateDirectory(Path.Combine(directory, "blobs", "sha256"));
        File.WriteAllBytes(Path.Combine(blobs.FullName, digest["sha256:".Length..]), content);
        return new Descriptor(mediaType, digest, content.Length);
    }

    private static JsonObject WithPlatform(Descriptor manifest, string os, string architecture)
    {
        var json = manifest.ToJson();
        json["platform"] = new JsonObject { ["architecture"] = architecture, ["os"] = os };
        return json;
    }

    private static byte[] Tar(string name, string content)
    {
        using var tar = new MemoryStream();
        using (var writer = new TarWriter(tar, TarEntryFormat.Ustar, leaveOpen: true))
        {
            writer.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, name)
            {
                ModificationTime = Made,
                DataStream = new MemoryStream(Encoding.UTF8.GetBytes(content)),
            });
        }

        return tar.ToArray();
    }

    private static byte[] Compress(byte[] content)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Optimal, leaveOpen: true))
        {
            gzip.Write(content);
        }

        return compressed.ToArray();
    }
}
