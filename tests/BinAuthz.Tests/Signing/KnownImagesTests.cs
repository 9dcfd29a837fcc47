using BinAuthz.Approval.Content;
using BinAuthz.GoogleCloud;
using BinAuthz.Images;
using BinAuthz.Signing;

namespace BinAuthz.Tests.Signing;

public sealed class KnownImagesTests
{
    [Fact]
    public void ContentOf_Remembered_IsTheContent()
    {
        var known = new KnownImages();
        var content = new ImageContent([Digest(1), Digest(2)], [Configuration(1), Configuration(2)]);

        known.Remember(Digest(0), content);

        Assert.Equal(content.Configurations, known.ContentOf(Digest(0))!.Configurations);
        Assert.Equal([Digest(1), Digest(2)], known.PlatformsOf(Digest(0)));
        Assert.Null(known.ContentOf(Digest(1)));
        Assert.Null(known.PlatformsOf(Digest(1)));
    }

    [Fact]
    public void Remember_PlatformsAlone_AreKnownBeforeTheContent()
    {
        var known = new KnownImages();

        known.Remember(Digest(0), [Digest(1)]);
        Assert.Equal([Digest(1)], known.PlatformsOf(Digest(0)));
        Assert.Null(known.ContentOf(Digest(0)));

        known.Remember(Digest(0), new ImageContent([Digest(1)], [Configuration(1)]));
        known.Remember(Digest(0), []);
        Assert.Equal([Digest(1)], known.PlatformsOf(Digest(0)));
        Assert.NotNull(known.ContentOf(Digest(0)));
    }

    [Fact]
    public void Remember_Unreadable_IsForgotten()
    {
        var known = new KnownImages();

        known.Remember(Digest(0), new ImageContent([], [Configuration(0), Configuration(1) with { Fault = "it cannot be read" }]));

        Assert.Null(known.ContentOf(Digest(0)));
    }

    [Fact]
    public void Remember_MoreThanItMay_ForgetsTheOldest()
    {
        var known = new KnownImages(maximumImages: 3, maximumCharacters: 1_000_000);

        for (var number = 0; number < 5; number++)
        {
            known.Remember(Digest(number), new ImageContent([], [Configuration(number)]));
        }

        Assert.Equal([false, false, true, true, true], Enumerable.Range(0, 5).Select(number => known.ContentOf(Digest(number)) is not null));
    }

    [Fact]
    public void Remember_MoreTextThanItMay_ForgetsTheOldest()
    {
        var known = new KnownImages(maximumImages: 10_000, maximumCharacters: 100_000);

        for (var number = 0; number < 200; number++)
        {
            known.Remember(Digest(number), new ImageContent([], [Configuration(number, labelLength: 900)]));
        }

        Assert.InRange(Enumerable.Range(0, 200).Count(number => known.ContentOf(Digest(number)) is not null), 100, 111);
        Assert.NotNull(known.ContentOf(Digest(199)));
    }

    [Fact]
    public void Remember_AttackWithMuchText_DrivesNothingOut()
    {
        var known = new KnownImages(maximumImages: 10_000, maximumCharacters: 100_000);
        known.Remember(Digest(0), new ImageContent([], [Configuration(0)]));

        known.Remember(Digest(1), new ImageContent([], [Configuration(1, labelLength: 99_000)]));

        Assert.NotNull(known.ContentOf(Digest(0)));
        Assert.Null(known.ContentOf(Digest(1)));
    }

    [Fact]
    public void Remember_FromManyThreads_KeepsTheLimit()
    {
        var known = new KnownImages(maximumImages: 50, maximumCharacters: 1_000_000);

        Parallel.For(0, 10_000, number =>
        {
            known.Remember(Digest(number % 500), new ImageContent([], [Configuration(number % 500)]));
            known.PlatformsOf(Digest(number % 500));
        });

        Assert.Equal(50, Enumerable.Range(0, 500).Count(number => known.ContentOf(Digest(number)) is not null));
    }

    private static ImageDigest Digest(int number) => ImageDigest.Of(BitConverter.GetBytes(number));

    private static ImageConfiguration Configuration(int number, int labelLength = 1) =>
        new(Digest(number), Digest(-number), "linux/amd64", "65532", null, new Dictionary<string, string> { ["x"] = new('x', labelLength) });
}
