using BinAuthz.Images;

namespace BinAuthz.Admission;

/// <summary>
/// A few patterns of Google's system policy, for when it cannot be asked. The whole one has many more, and differs by region
/// (docs: `gcloud alpha container binauthz policy export-system-policy`).
/// </summary>
internal static class SystemPolicyExcerpt
{
    /// <summary>When the excerpt was taken.</summary>
    public const string Date = "2026-08";

    /// <summary>The patterns.</summary>
    public static IReadOnlyList<ImagePattern> Patterns { get; } =
        [ImagePattern.Parse("gke.gcr.io/**"), ImagePattern.Parse("us-central1-artifactregistry.gcr.io/gke-release/gke-release/**")];
}
