using BinAuthz.Approval;
using BinAuthz.GoogleCloud;

namespace BinAuthz.Signing;

/// <summary>What was read about an image.</summary>
/// <param name="Registered">The registry's word; null: it has no such digest.</param>
/// <param name="Facts">What the rules weigh.</param>
internal sealed record ImageEvidence(RegistryImage? Registered, ImageFacts Facts)
{
    /// <summary>Why an image in another registry is not looked at.</summary>
    public const string WhyNoRepository = "It is in no Artifact Registry repository; only there can the digest be confirmed. Push it to LOCATION-docker.pkg.dev.";

    /// <summary>Why what the registry has is no container image.</summary>
    public static string WhyNoImage(RegistryImage? registered) => registered is { } other ? $"Its media type is {other.MediaType} {other.ArtifactType}." : "The registry has no such digest.";
}
