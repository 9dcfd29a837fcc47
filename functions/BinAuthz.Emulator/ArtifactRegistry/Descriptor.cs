using System.Text.Json.Serialization;

namespace BinAuthz.Emulator.ArtifactRegistry;

/// <summary>A manifest's reference to other content, as the OCI image specification writes it.</summary>
internal sealed record Descriptor(string? MediaType, string? Digest, long Size, Descriptor.PlatformOf? Platform)
{
    /// <summary>Layers that are by definition not pushed.</summary>
    public bool IsForeign => MediaType?.Contains("nondistributable", StringComparison.Ordinal) == true || MediaType?.Contains("foreign", StringComparison.Ordinal) == true;

    internal sealed record PlatformOf(
        string? Architecture,
        string? Os,
        string? Variant,
        [property: JsonPropertyName("os.version")] string? OsVersion,
        [property: JsonPropertyName("os.features")] IReadOnlyList<string>? OsFeatures)
    {
        /// <summary>False for what builders add to an index beside its images.</summary>
        public bool IsKnown => !string.IsNullOrEmpty(Architecture) && Architecture != "unknown";
    }
}
