namespace BinAuthz.Approval.Content;

/// <summary>
/// <c>maxImageAge</c>: how long ago the image may have been built. The time is the build tool's word, in the
/// configuration; together with provenance it keeps out what was forgotten, and not who wants to lie.
/// </summary>
/// <param name="maximum">An image of exactly this age is still good.</param>
internal sealed class MaxImageAgeRule(TimeSpan maximum) : IApprovalRule
{
    public const string RuleName = "maxImageAge";

    /// <summary>How far the builder's clock may be ahead of ours.</summary>
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(5);

    public string Name => RuleName;

    public EvidenceNeeds Needs => EvidenceNeeds.Configurations;

    public RuleResult Evaluate(ImageFacts facts, DateTimeOffset now) =>
        ContentVerdict.Of(Name, facts, "image-young-enough", $"built within the last {Text(maximum)}", configuration => Find(configuration, now));

    private ContentFault? Find(ImageConfiguration configuration, DateTimeOffset now)
    {
        if (configuration.Created is not { } created)
        {
            return new ContentFault("creation-time-missing", "its configuration does not say when it was built", "Build it with a tool that sets 'created'.");
        }

        if (created - now > ClockSkew)
        {
            return new ContentFault("creation-time-in-future", $"it says that it was built {created:u}, and now it is {now:u}", "Set the builder's clock, and build the image again.");
        }

        return now - created > maximum
            ? new ContentFault("image-too-old", $"it was built {created:u}, more than {Text(maximum)} before {now:u}", "Build the image again, from its current base.")
            : null;
    }

    private static string Text(TimeSpan time) => time.Ticks % TimeSpan.TicksPerDay == 0 ? $"{time.Days} d" : time.Ticks % TimeSpan.TicksPerHour == 0 ? $"{time.TotalHours} h" : $"{time.TotalMinutes} min";
}
