namespace BinAuthz.GoogleCloud;

/// <summary>An image as the registry describes it.</summary>
/// <param name="MediaType">Of the manifest.</param>
/// <param name="ArtifactType">Set for artefacts that are no images, such as Helm charts.</param>
/// <param name="Tags">Its tags now.</param>
/// <param name="Uploaded">When the registry got it; null: it does not say.</param>
/// <param name="Platforms">The manifests of an index; empty for a single image.</param>
internal sealed record RegistryImage(string MediaType, string ArtifactType, IReadOnlyList<string> Tags, DateTimeOffset? Uploaded, IReadOnlyList<PlatformManifest> Platforms)
{
    /// <summary>Whether a container runtime can run it: an OCI or Docker image manifest or index, without an artefact type of its own.</summary>
    public bool IsContainerImage => MediaType is "application/vnd.oci.image.manifest.v1+json" or "application/vnd.oci.image.index.v1+json"
        or "application/vnd.docker.distribution.manifest.v2+json" or "application/vnd.docker.distribution.manifest.list.v2+json"
        && ArtifactType is "" or "application/vnd.oci.image.config.v1+json" or "application/vnd.docker.container.image.v1+json";

    /// <summary>The digests of the platforms that a runtime may be asked about; what buildx stores beside them is left out.</summary>
    public IReadOnlyList<Images.ImageDigest> RunnablePlatforms => [.. Platforms.Where(platform => platform.IsRunnable).Select(platform => platform.Digest).Distinct()];
}
