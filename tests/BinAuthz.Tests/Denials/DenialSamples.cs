using BinAuthz.Attestations;
using BinAuthz.Denials;
using BinAuthz.Images;
using BinAuthz.Keys;

namespace BinAuthz.Tests.Denials;

internal static class DenialSamples
{
    public static readonly ImageReference Image = ImageReference.Parse($"us-central1-docker.pkg.dev/acme-prod/app/server@sha256:{new string('a', 64)}");

    public static Finding Of(FindingKind kind, string? image = null, FindingPlatform platform = FindingPlatform.Gke) => new(
        kind, new FindingSource("1x2y", new DateTimeOffset(2026, 10, 1, 8, 15, 30, 500, TimeSpan.Zero), "acme-prod", platform, "us-central1.prod", "projects/acme-prod/logs/x"), image, "words")
    {
        Namespace = "shop",
        Workload = "Deployment/web",
    };

    public static Attestor Attestor(string id = "production-attestor", string? key = "projects/acme-prod/locations/us-central1/keyRings/production-binauthz/cryptoKeys/attestor-key") => new(
        AttestorName.Parse($"projects/acme-prod/attestors/{id}"),
        NoteName.Parse("projects/acme-prod/notes/production-note"),
        key is null ? [] : [new AttestorKey($"//cloudkms.googleapis.com/v1/{key}/cryptoKeyVersions/1", "", null, "")],
        "");
}
