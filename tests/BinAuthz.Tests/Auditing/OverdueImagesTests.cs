using BinAuthz.Auditing;
using BinAuthz.Auditing.Facts;
using BinAuthz.Checkup;
using BinAuthz.Images;

namespace BinAuthz.Tests.Auditing;

public sealed class OverdueImagesTests
{
    private static readonly DateTimeOffset Now = CleanFacts.Now;
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Theory]
    [InlineData(61, null, null, true)]
    [InlineData(60, null, null, false)]
    [InlineData(59, null, null, false)]
    [InlineData(null, null, null, true)]
    [InlineData(6000, "rejected", 6000, false)]
    [InlineData(6000, "not_ready", 61, true)]
    [InlineData(6000, "not_ready", 60, false)]
    [InlineData(null, "not_ready", 61, true)]
    public void Of_StoredImageWithoutDeadline_IsSentAfterTheGracePeriod(int? uploaded, string? outcome, int? decided, bool sent) =>
        Assert.Equal(sent, OverdueImages.Of(Facts(Image('a', uploaded, outcome, decided))).Count == 1);

    [Theory]
    [InlineData(121, 1, true)]
    [InlineData(120, 1, false)]
    [InlineData(null, 121, true)]
    [InlineData(null, 119, false)]
    public void Of_NotReadyWithDeadline_IsSentWhenThatHasPassed(int? uploaded, int decided, bool sent)
    {
        var facts = Facts(Image('a', uploaded, "not_ready", decided));
        facts = facts with { Request = facts.Request with { Deadlines = new Dictionary<BinAuthz.Attestations.AttestorName, TimeSpan> { [CleanFacts.Subject.Attestor] = 2 * Hour } } };

        Assert.Equal(sent, OverdueImages.Of(facts).Count == 1);
    }

    [Fact]
    public void Of_ImageThatOnlyRuns_IsNotSent() => Assert.Empty(OverdueImages.Of(Facts(Image('a', 6000, null, null) with { Image = null, IsRunning = true })));

    [Fact]
    public void Of_Several_AreSentOnceAndTheLongestWaitingFirst()
    {
        var (young, old, unknown) = (Image('a', 100, null, null), Image('b', 200, null, null), Image('c', null, null, null));

        Assert.Equal([unknown.Image!, old.Image!, young.Image!], OverdueImages.Of(Facts(young, old, old with { Attestor = BinAuthz.Attestations.AttestorName.Parse("projects/p/attestors/a") }, unknown)));
    }

    [Fact]
    public void Of_UploadsThatAreNotKnown_AreOrderedByTheDecision()
    {
        var (later, earlier) = (Image('a', null, "not_ready", 100), Image('b', null, "not_ready", 200));

        Assert.Equal([earlier.Image!, later.Image!], OverdueImages.Of(Facts(later, earlier)));
    }

    [Fact]
    public void Of_CoverageThatIsNotKnown_IsEmpty() => Assert.Empty(OverdueImages.Of(CleanFacts.Facts with { Coverage = CleanFacts.Unknown<Coverage>() }));

    [Fact]
    public void Of_DecisionsThatAreNotKnown_IsEmpty()
    {
        var facts = Facts(Image('a', 6000, null, null));
        var coverage = ((Fact<Coverage>.Known)facts.Coverage).Value with { Decisions = new Obstacle("refused", "grant it", IsTransient: false) };

        Assert.Empty(OverdueImages.Of(facts with { Coverage = CleanFacts.Known(coverage) }));
    }

    private static UncoveredImage Image(char digit, int? uploadedMinutesAgo, string? outcome, int? decidedMinutesAgo)
    {
        var image = ImageReference.Parse($"us-docker.pkg.dev/acme-prod/apps/web@sha256:{new string(digit, 64)}");
        return new UncoveredImage(image.Digest, CleanFacts.Subject.Attestor)
        {
            Image = image,
            Uploaded = Now - (uploadedMinutesAgo is { } uploaded ? TimeSpan.FromMinutes(uploaded) : null),
            Decision = outcome is null ? null : new LastDecision(outcome, Now - TimeSpan.FromMinutes(decidedMinutesAgo!.Value), "", ""),
        };
    }

    private static AuditFacts Facts(params UncoveredImage[] images) => CleanFacts.Facts with { Coverage = CleanFacts.Known(new Coverage(images.Length, 0, 0, 0, images)) };
}
