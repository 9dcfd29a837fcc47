using System.Text.RegularExpressions;
using BinAuthz.Emulator.Hosting;

namespace BinAuthz.Emulator.ArtifactRegistry;

/// <summary>An image in a Docker repository, without tag and digest: as a reference writes it, and as the API names it.</summary>
internal sealed partial record ImageLocation(string Project, string Location, string Repository, string Image)
{
    private const string RegistrySuffix = "-docker.pkg.dev";
    private const string DefaultLocation = "us-central1";

    public string RepositoryName => $"projects/{Project}/locations/{Location}/repositories/{Repository}";

    public string PackageName => $"{RepositoryName}/packages/{Uri.EscapeDataString(Image)}";

    /// <summary>As in <c>us-central1-docker.pkg.dev/acme-prod/app/server</c>.</summary>
    public string Reference => $"{Location}{RegistrySuffix}/{Project}/{Repository}/{Image}";

    public string VersionName(string digest) => $"{PackageName}/versions/{digest}";

    public string TagName(string tag) => $"{PackageName}/tags/{tag}";

    public string DockerImageName(string digest) => $"{RepositoryName}/dockerImages/{Uri.EscapeDataString(Image)}@{digest}";

    /// <summary>The image at <paramref name="path"/> of a registry; a host that is no Artifact Registry, such as 127.0.0.1, stands for the one in us-central1.</summary>
    /// <returns>Null when the path is not PROJECT/REPOSITORY/IMAGE.</returns>
    public static ImageLocation? Of(string registry, string path)
    {
        var location = registry.EndsWith(RegistrySuffix, StringComparison.Ordinal) ? registry[..^RegistrySuffix.Length] : DefaultLocation;
        return ImagePath().Match(path) is { Success: true } match
            ? new ImageLocation(match.Groups["project"].Value, location, match.Groups["repository"].Value, match.Groups["image"].Value)
            : null;
    }

    /// <summary>The image of a reference such as <c>us-central1-docker.pkg.dev/acme-prod/app/server</c>, or null.</summary>
    public static ImageLocation? OfReference(string reference)
    {
        var slash = reference.IndexOf('/', StringComparison.Ordinal);
        return slash > 0 && reference[..slash].EndsWith(RegistrySuffix, StringComparison.Ordinal) ? Of(reference[..slash], reference[(slash + 1)..]) : null;
    }

    /// <summary>The image of a package, or of a version or tag in it.</summary>
    /// <exception cref="Grpc.Core.RpcException">INVALID_ARGUMENT: <paramref name="name"/> is none of these.</exception>
    public static ImageLocation OfResource(string name) => PackageResource().Match(name) is { Success: true } match
        ? new ImageLocation(match.Groups["project"].Value, match.Groups["location"].Value, match.Groups["repository"].Value, Uri.UnescapeDataString(match.Groups["image"].Value))
        : throw Errors.Invalid($"\"{name}\" is not in a package; projects/PROJECT/locations/LOCATION/repositories/REPOSITORY/packages/PACKAGE is expected.");

    [GeneratedRegex(@"\A(?<project>[a-z0-9][a-z0-9-]*)/(?<repository>[a-z0-9][a-z0-9._-]*)/(?<image>[a-z0-9]+([._-]+[a-z0-9]+)*(/[a-z0-9]+([._-]+[a-z0-9]+)*)*)\z")]
    private static partial Regex ImagePath();

    [GeneratedRegex(@"\Aprojects/(?<project>[^/]+)/locations/(?<location>[^/]+)/repositories/(?<repository>[^/]+)/packages/(?<image>[^/]+)(/.*)?\z")]
    private static partial Regex PackageResource();
}
