using BinAuthz.Denials;
using BinAuthz.EndToEnd.Tests.Signing;

namespace BinAuthz.EndToEnd.Tests.Denials;

/// <summary>Findings as the logs of a cluster of <see cref="SigningWorld.Project"/> tell them.</summary>
internal static class Findings
{
    public const string Place = "us-central1.prod";

    public static Finding Of(FindingKind kind, object? image, FindingPlatform platform = FindingPlatform.Gke) => new(
        kind,
        new FindingSource("1x2y3z", new DateTimeOffset(2026, 10, 1, 8, 15, 30, TimeSpan.Zero), SigningWorld.Project, platform, Place, "projects/acme-prod/logs/cloudaudit.googleapis.com%2Factivity"),
        image?.ToString(),
        "as the log says it")
    {
        Namespace = "shop",
        Workload = "Deployment/web",
        ServiceAccount = "default",
    };

    public static Finding Denial(object? image) => Of(FindingKind.Denial, image);
}
