namespace BinAuthz.Cli.Oci;

/// <summary>The media types of images.</summary>
internal static class MediaTypes
{
    public const string OciIndex = "application/vnd.oci.image.index.v1+json";
    public const string OciManifest = "application/vnd.oci.image.manifest.v1+json";
    public const string OciConfig = "application/vnd.oci.image.config.v1+json";
    public const string OciLayer = "application/vnd.oci.image.layer.v1.tar";
    public const string OciGzipLayer = "application/vnd.oci.image.layer.v1.tar+gzip";
    public const string DockerList = "application/vnd.docker.distribution.manifest.list.v2+json";
    public const string DockerManifest = "application/vnd.docker.distribution.manifest.v2+json";

    /// <summary>Whether it lists manifests instead of layers.</summary>
    public static bool IsIndex(string mediaType) => mediaType is OciIndex or DockerList;

    /// <summary>Whether it is a manifest or a list of them.</summary>
    public static bool IsManifest(string mediaType) => IsIndex(mediaType) || mediaType is OciManifest or DockerManifest;
}
