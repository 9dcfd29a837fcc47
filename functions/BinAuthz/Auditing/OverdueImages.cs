using BinAuthz.Auditing.Facts;
using BinAuthz.Checkup;
using BinAuthz.Images;

namespace BinAuthz.Auditing;

/// <summary>Which images no event will bring back to the signer. Pure.</summary>
internal static class OverdueImages
{
    private const string NotReady = "not_ready";

    /// <summary>
    /// The stored images that the signer never decided on although they are older than the grace period, because their push was
    /// lost, and those that it last found not ready and that have waited longer than the attestor's deadline; without a deadline,
    /// than the grace period since. The longest waiting come first. While it is not known what the signer decided, nothing is sent.
    /// </summary>
    public static IReadOnlyList<ImageReference> Of(AuditFacts facts) => facts.Coverage is Fact<Coverage>.Known { Value.Decisions: null } known
        ? [.. known.Value.Unattested.Where(image => image.Image is not null && IsOverdue(facts, image)).OrderBy(Began).Select(image => image.Image!).Distinct()]
        : [];

    private static bool IsOverdue(AuditFacts facts, UncoveredImage image) => image.Decision switch
    {
        null => facts.Now - Began(image) > facts.Request.Options.Grace,
        { Outcome: NotReady } decision when facts.Request.Deadlines.TryGetValue(image.Attestor, out var deadline) => facts.Now - (image.Uploaded ?? decision.Time) > deadline,
        { Outcome: NotReady } decision => facts.Now - decision.Time > facts.Request.Options.Grace,
        _ => false,
    };

    // An image of which nothing is known may have waited for ever.
    private static DateTimeOffset Began(UncoveredImage image) => image.Uploaded ?? image.Decision?.Time ?? DateTimeOffset.MinValue;
}
