using BinAuthz.Attestations;
using BinAuthz.Images;

namespace BinAuthz.Admission;

/// <summary>The commands that mend a denial.</summary>
internal static class AdmissionRemedies
{
    /// <summary>For a rule that denies every image.</summary>
    public const string OfAlwaysDeny =
        "Let the rule require attestations, or exempt the image in admissionWhitelistPatterns, with `binauthz policy apply`.";

    /// <summary>For an image that is named by tag.</summary>
    public static string OfTag(string image, AttestorName attestor) =>
        TaggedImage.TryParse(image, out var tagged) && IsInArtifactRegistry(tagged)
            ? $"Write the digest instead of the tag: `binauthz verify {image} --attestor {attestor}` prints it, and tells whether it is signed."
            : "Name the image by registry/repository@sha256:…, in a registry of yours; copy it there and sign it with `binauthz sign` if it is somebody else's.";

    /// <summary>For an image by digest with which an attestor is not satisfied.</summary>
    public static string OfImage(AdmissionCause cause, string image, AttestorName attestor) => cause switch
    {
        AdmissionCause.AttestorMissing =>
            $"Make it with `binauthz setup {attestor.Project} ENVIRONMENT`, or take it out of the rule with `binauthz policy apply`.",
        AdmissionCause.AttestorWithoutKeys =>
            $"Add a key with `binauthz setup {attestor.Project} ENVIRONMENT`.",
        AdmissionCause.NotAttested => $"`{Sign(image)}`, with the approval policy of {attestor}.",
        AdmissionCause.UntrustedKey => $"`{Sign(image)}`, which signs with a key that {attestor} lists.",
        _ => $"Look at them with `binauthz attestations list {image} --attestor {attestor}`, and sign again with `{Sign(image)}`.",
    };

    private static bool IsInArtifactRegistry(TaggedImage image) =>
        image.Registry is "gcr.io" || image.Registry.EndsWith("-docker.pkg.dev", StringComparison.Ordinal) || image.Registry.EndsWith(".gcr.io", StringComparison.Ordinal);

    private static string Sign(string image) => $"binauthz sign {image}";
}
