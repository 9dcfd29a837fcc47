using System.Text.Json;
using BinAuthz.Emulator.State;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Api = Google.Cloud.ArtifactRegistry.V1;

namespace BinAuthz.Emulator.ArtifactRegistry;

/// <summary>The manifests and tags of all Docker repositories. Every change is told to the project's topic.</summary>
internal sealed class ImageStore(EmulatorStore store, RepositoryStore repositories, BlobStore blobs, ImageNotifications notifications, TimeProvider time)
{
    private readonly Table<Api.Package> packages = store.Table("artifact-package", Api.Package.Parser);
    private readonly Table<Api.Tag> tags = store.Table("artifact-tag", Api.Tag.Parser, tag => [tag.Version]);
    private readonly Table<StoredManifest> manifests = store.Table("artifact-manifest", StoredManifest.Parser, IndexKeys);

    /// <summary>Stores a manifest, under a tag if there is one.</summary>
    public StoredManifest Put(ImageLocation image, string? tag, Manifest manifest)
    {
        var now = Timestamp.FromDateTimeOffset(time.GetUtcNow());
        repositories.Ensure(image);
        packages.TryAdd(image.PackageName, new Api.Package { Name = image.PackageName, DisplayName = image.Image, CreateTime = now, UpdateTime = now });
        packages.Update(image.PackageName, package => { package.UpdateTime = now; return package; });
        var stored = Describe(image, manifest, now);
        if (!manifests.TryAdd(stored.Name, stored))
        {
            Touch(stored.Name, now);
        }

        if (tag is not null)
        {
            tags.Set(image.TagName(tag), new Api.Tag { Name = image.TagName(tag), Version = stored.Name });
        }

        notifications.Inserted(image, manifest.Digest, tag);
        return stored;
    }

    /// <summary>The manifest that a tag or a digest names.</summary>
    public StoredManifest? Find(ImageLocation image, string reference) => Digests.IsDigest(reference)
        ? manifests.Find(image.VersionName(reference))
        : tags.Find(image.TagName(reference)) is { } tag ? manifests.Find(tag.Version) : null;

    public Api.Tag? FindTag(string name) => tags.Find(name);

    public Api.Package? FindPackage(string name) => packages.Find(name);

    public IReadOnlyList<Api.Tag> TagsOf(string version) => tags.Lookup(version);

    public IReadOnlyList<StoredManifest> Scan(string repository, string after, int limit) => manifests.Scan(repository, after, limit, _ => true);

    public IReadOnlyList<StoredManifest> ScanVersions(string package, string after, int limit) => manifests.ScanCollection($"{package}/versions", after, limit, _ => true);

    public IReadOnlyList<Api.Tag> ScanTags(string package, string after, int limit, Func<Api.Tag, bool> matches) => tags.ScanCollection($"{package}/tags", after, limit, matches);

    public IReadOnlyList<Api.Package> ScanPackages(string repository, string after, int limit) => packages.ScanCollection($"{repository}/packages", after, limit, _ => true);

    /// <summary>Whether a repository that keeps its tags would have to give <paramref name="tag"/> another digest.</summary>
    public bool IsFixed(ImageLocation image, string tag, string digest) =>
        repositories.HasImmutableTags(image.RepositoryName) && tags.Find(image.TagName(tag)) is { } current && current.Version != image.VersionName(digest);

    /// <summary>Lets a tag point to a version that exists.</summary>
    public Api.Tag SetTag(ImageLocation image, string tag, string digest)
    {
        var set = new Api.Tag { Name = image.TagName(tag), Version = image.VersionName(digest) };
        tags.Set(set.Name, set);
        Touch(set.Version, Timestamp.FromDateTimeOffset(time.GetUtcNow()));
        notifications.Inserted(image, digest, tag);
        return set;
    }

    public bool DeleteTag(ImageLocation image, string tag)
    {
        var removed = tags.Remove(image.TagName(tag));
        if (removed)
        {
            notifications.TagDeleted(image, tag);
        }

        return removed;
    }

    /// <summary>Whether an index of the same image lists the version.</summary>
    public bool HasParent(string version) => manifests.Lookup(ChildKey(version)).Count > 0;

    /// <summary>Deletes a version and the tags that point to it.</summary>
    public bool DeleteVersion(ImageLocation image, string digest)
    {
        var name = image.VersionName(digest);
        foreach (var tag in TagsOf(name))
        {
            DeleteTag(image, tag.Name[(tag.Name.LastIndexOf('/') + 1)..]);
        }

        var removed = manifests.Remove(name);
        if (removed)
        {
            notifications.VersionDeleted(image, digest);
        }

        return removed;
    }

    /// <summary>Deletes a package with everything in it.</summary>
    public bool DeletePackage(string name)
    {
        var image = ImageLocation.OfResource(name);
        foreach (var version in ScanVersions(name, "", int.MaxValue))
        {
            DeleteVersion(image, version.Name[(version.Name.LastIndexOf('/') + 1)..]);
        }

        return packages.Remove(name);
    }

    private void Touch(string version, Timestamp now) => manifests.Update(version, manifest => { manifest.UpdateTime = now; return manifest; });

    private StoredManifest Describe(ImageLocation image, Manifest manifest, Timestamp now) => new()
    {
        Name = image.VersionName(manifest.Digest),
        Content = ByteString.CopyFrom(manifest.Content),
        MediaType = manifest.MediaType,
        ArtifactType = manifest.ArtifactType,
        ImageSizeBytes = manifest.Blobs.Sum(blob => blob.Size) + manifest.Children.Sum(child => manifests.Find(image.VersionName(child.Digest!))?.ImageSizeBytes ?? 0),
        UploadTime = now,
        UpdateTime = now,
        BuildTime = BuildTime(manifest),
        Platforms = { manifest.Children.Where(child => child.Platform is { IsKnown: true }).Select(Platform) },
        Children = { manifest.Children.Select(child => child.Digest) },
    };

    private static Api.ImageManifest Platform(Descriptor child) => new()
    {
        Architecture = child.Platform!.Architecture,
        Os = child.Platform.Os ?? "",
        Variant = child.Platform.Variant ?? "",
        OsVersion = child.Platform.OsVersion ?? "",
        OsFeatures = { child.Platform.OsFeatures ?? [] },
        Digest = child.Digest,
        MediaType = child.MediaType ?? "",
    };

    // As the image's configuration says; artefacts that are no images have none.
    private Timestamp? BuildTime(Manifest manifest)
    {
        if (manifest.Config?.Digest is not { } digest || blobs.Find(digest) is not { } file)
        {
            return null;
        }

        try
        {
            using var config = JsonDocument.Parse(File.ReadAllBytes(file));
            return config.RootElement.ValueKind == JsonValueKind.Object && config.RootElement.TryGetProperty("created", out var created)
                && created.ValueKind == JsonValueKind.String && created.TryGetDateTimeOffset(out var moment)
                ? Timestamp.FromDateTimeOffset(moment)
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static IEnumerable<string> IndexKeys(StoredManifest manifest)
    {
        var repository = manifest.Name[..manifest.Name.IndexOf("/packages/", StringComparison.Ordinal)];
        var versions = manifest.Name[..(manifest.Name.LastIndexOf('/') + 1)];
        return [repository, .. manifest.Children.Select(child => ChildKey(versions + child))];
    }

    private static string ChildKey(string version) => "child:" + version;
}
