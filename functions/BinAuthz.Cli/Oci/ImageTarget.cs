using System.Text.RegularExpressions;

namespace BinAuthz.Cli.Oci;

/// <summary>Where an image is pushed: a registry, a repository in it, a tag.</summary>
/// <param name="Registry">Such as <c>us-central1-docker.pkg.dev</c>.</param>
/// <param name="Repository">Such as <c>acme-prod/app/server</c>.</param>
/// <param name="Tag">Such as <c>1.0</c>.</param>
internal sealed partial record ImageTarget(string Registry, string Repository, string Tag)
{
    /// <summary>The name without the tag.</summary>
    public string Name => $"{Registry}/{Repository}";

    /// <summary>Reads <c>IMAGE[:TAG]</c>; without a tag it is <c>latest</c>, as for docker.</summary>
    /// <exception cref="CommandException">It is no image in Artifact Registry.</exception>
    public static ImageTarget Parse(string text)
    {
        var match = Pattern().Match(text);
        if (!match.Success)
        {
            throw CommandException.Usage($"'{text}' is no image to push to: write LOCATION-docker.pkg.dev/PROJECT/REPOSITORY/IMAGE[:TAG], such as us-central1-docker.pkg.dev/acme-prod/app/server:1.0.");
        }

        var tag = match.Groups["tag"];
        return new ImageTarget(match.Groups["registry"].Value, match.Groups["repository"].Value, tag.Success ? tag.Value : "latest");
    }

    public override string ToString() => $"{Name}:{Tag}";

    // https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pulling-manifests
    [GeneratedRegex(@"^(?<registry>[a-z0-9-]+-docker\.pkg\.dev|(?:[a-z]+\.)?gcr\.io)/(?<repository>[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)+)(?::(?<tag>[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}))?\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Pattern();
}
