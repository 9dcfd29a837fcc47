using System.Diagnostics.CodeAnalysis;

namespace BinAuthz.GoogleCloud;

/// <summary>Where an image name lies in Artifact Registry.</summary>
/// <param name="Parent"><c>projects/P/locations/L/repositories/R</c>.</param>
/// <param name="Project">The project id.</param>
/// <param name="Image">The rest of the name, such as <c>team/server</c>.</param>
internal sealed record RepositoryPath(string Parent, string Project, string Image)
{
    private const string Host = "-docker.pkg.dev";

    /// <summary>Reads <c>LOCATION-docker.pkg.dev/PROJECT/REPOSITORY/IMAGE</c>, and the <c>gcr.io</c> names that Artifact Registry serves.</summary>
    /// <returns>False: the image is in another registry.</returns>
    public static bool TryParse(string imageName, [NotNullWhen(true)] out RepositoryPath? path)
    {
        var parts = imageName.Split('/', 4);
        path = parts switch
        {
            [var host, var project, var repository, var image] when host.EndsWith(Host, StringComparison.Ordinal) && host.Length > Host.Length =>
                new RepositoryPath($"projects/{project}/locations/{host[..^Host.Length]}/repositories/{repository}", project, image),
            [var host, var project, ..] when parts.Length > 2 && LegacyLocation(host) is { } location =>
                new RepositoryPath($"projects/{project}/locations/{location}/repositories/{host}", project, imageName[(host.Length + project.Length + 2)..]),
            _ => null,
        };
        return path is not null;
    }

    // docs: artifact-registry/docs/transition/setup-gcr-repo
    private static string? LegacyLocation(string host) => host switch
    {
        "gcr.io" or "us.gcr.io" => "us",
        "eu.gcr.io" => "europe",
        "asia.gcr.io" => "asia",
        _ => null,
    };
}
