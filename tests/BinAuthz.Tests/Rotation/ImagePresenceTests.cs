using BinAuthz.GoogleCloud;
using BinAuthz.Images;
using BinAuthz.Rotation;

namespace BinAuthz.Tests.Rotation;

public sealed class ImagePresenceTests
{
    private const string App = "projects/acme-prod/locations/us-central1/repositories/app";
    private const string Released = "projects/acme-prod/locations/us-central1/repositories/released";
    private const string Copy = "us-central1-docker.pkg.dev/acme-prod/released/server";
    private static readonly DateTimeOffset Limit = new(2026, 10, 1, 8, 0, 0, TimeSpan.Zero);
    private static readonly ImageReference Image = AttestingKey.Image(1);

    [Theory]
    [InlineData(0, true)]
    [InlineData(-1, false)]
    [InlineData(null, true)]
    public void IsDeployable_ByAge_CountsFromTheUpload(int? days, bool expected)
    {
        var presence = Presence((App, [Listed(Image.Digest, days)]));

        Assert.Equal((true, expected), (presence.IsThere(Digest(Image)), presence.IsDeployable(Digest(Image))));
    }

    [Fact]
    public void IsDeployable_OldOneWithAYoungCopy_IsSo() =>
        Assert.True(Presence((App, [Listed(Image.Digest, -1)]), (Released, [Listed(Image.Digest, 1)])).IsDeployable(Digest(Image)));

    [Fact]
    public void IsDeployable_RepositoryHasItNoMore_IsNeitherThereNorDeployable()
    {
        var presence = Presence((App, [Listed(AttestingKey.Image(2).Digest, 1)]));

        Assert.Equal((false, false, false), (presence.IsThere(Digest(Image)), presence.IsDeployable(Digest(Image)), presence.IsRunning(Image.Digest)));
    }

    [Fact]
    public void IsDeployable_PodRunsWhatIsGone_IsSo()
    {
        var presence = new ImagePresence(new HashSet<ImageDigest> { Image.Digest }, Repositories((App, [])), Limit);

        Assert.Equal((true, true, true), (presence.IsThere(Digest(Image)), presence.IsDeployable(Digest(Image)), presence.IsRunning(Image.Digest)));
    }

    [Fact]
    public void IsDeployable_WhatRunsIsNotKnown_IsSo() => Assert.True(new ImagePresence(new HashSet<ImageDigest>(), null, Limit).IsDeployable(Digest(Image)));

    [Fact]
    public void IsDeployable_OneOfItsRepositoriesWasNotRead_IsSo() =>
        Assert.True(Presence((App, [])).IsDeployable(Digest(Image, AttestingKey.Image(1, Copy))));

    [Fact]
    public void IsDeployable_InAForeignRegistry_IsSo() =>
        Assert.True(Presence((App, [])).IsDeployable(Digest(AttestingKey.Image(1, "ghcr.io/acme/server"))));

    [Fact]
    public void IsDeployable_PlatformOfAnIndexThatIsThere_IsSo() =>
        Assert.True(Presence((App, [Listed(AttestingKey.Image(9).Digest, 1) with { Platforms = [Image.Digest] }])).IsDeployable(Digest(Image)));

    [Fact]
    public void NameOf_SeveralNames_IsOneUnderWhichARepositoryHasIt()
    {
        var names = new[] { Image, AttestingKey.Image(1, Copy), AttestingKey.Image(1, "a.example/server") };

        Assert.Equal(Copy, Presence((App, []), (Released, [Listed(Image.Digest, 1)])).NameOf(Digest(names)).Name);
        Assert.Equal(Image, new ImagePresence(new HashSet<ImageDigest>(), null, null).NameOf(Digest(names)));
    }

    private static ImagePresence Presence(params (string Repository, ListedImage[] Images)[] repositories) => new(new HashSet<ImageDigest>(), Repositories(repositories), Limit);

    private static Dictionary<string, IReadOnlyList<ListedImage>> Repositories(params (string Repository, ListedImage[] Images)[] repositories) =>
        repositories.ToDictionary(each => each.Repository, IReadOnlyList<ListedImage> (each) => each.Images);

    private static ListedImage Listed(ImageDigest digest, int? daysAfterTheLimit) => new(digest, daysAfterTheLimit is { } days ? Limit.AddDays(days) : null, []);

    private static AttestedDigest Digest(params ImageReference[] images)
    {
        var digest = new AttestedDigest(images[0].Digest);
        digest.Images.UnionWith(images);
        return digest;
    }
}
