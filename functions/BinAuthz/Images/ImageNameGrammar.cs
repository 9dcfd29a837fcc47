using System.Text.RegularExpressions;

namespace BinAuthz.Images;

/// <summary>
/// The parts of an image's name before the digest, by gcloud's rules: a scheme or leading <c>//</c> is dropped, the registry
/// is a host with a dot or a port, the repository is lower-case.
/// </summary>
/// <remarks>
/// gcloud refuses <c>localhost:5000/x</c> because it takes <c>localhost:</c> for a scheme. Here a port is a port, so that
/// every reference that is printed can be read again.
/// </remarks>
internal static partial class ImageNameGrammar
{
    /// <summary>Reads <c>[scheme:]//registry/repository[:tag]</c>.</summary>
    /// <returns>The rule that the text breaks, or null.</returns>
    public static string? Read(string text, out Parts parts)
    {
        parts = default;
        var bare = Scheme().Replace(text, "", 1);
        var slash = bare.IndexOf('/', StringComparison.Ordinal);
        if (slash == 0)
        {
            return "it does not have a host component";
        }

        var registry = slash < 0 ? "" : bare[..slash];
        if (!registry.AsSpan().ContainsAny('.', ':'))
        {
            return "a Docker registry domain must be specified (registry/repository, such as us-central1-docker.pkg.dev/project/repository/image)";
        }

        if (!Registry().IsMatch(registry))
        {
            return $"'{registry}' is not a registry host with an optional port";
        }

        return ReadRepository(registry, bare[(slash + 1)..], out parts);
    }

    private static string? ReadRepository(string registry, string rest, out Parts parts)
    {
        var colon = rest.IndexOf(':', StringComparison.Ordinal);
        var repository = colon < 0 ? rest : rest[..colon];
        var tag = colon < 0 ? null : rest[(colon + 1)..];
        parts = new Parts(registry, repository, tag);
        if (!Repository().IsMatch(repository) || repository.Length > 255)
        {
            return $"'{repository}' is not a repository: lower-case letters, digits, '.', '_' and '-' between slashes, 255 characters at most";
        }

        return tag is null || Tag().IsMatch(tag) ? null : $"'{tag}' is not a tag: letters, digits, '_', '.' and '-', 128 characters at most";
    }

    /// <summary>What a name consists of.</summary>
    internal readonly record struct Parts(string Registry, string Repository, string? Tag);

    [GeneratedRegex(@"\A(?:[A-Za-z][A-Za-z0-9+.-]*:)?//")]
    private static partial Regex Scheme();

    [GeneratedRegex(@"\A[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*(?::[0-9]{1,5})?\z")]
    private static partial Regex Registry();

    [GeneratedRegex(@"\A[a-z0-9]+(?:(?:\.|_{1,2}|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\.|_{1,2}|-+)[a-z0-9]+)*)*\z")]
    private static partial Regex Repository();

    [GeneratedRegex(@"\A[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}\z")]
    private static partial Regex Tag();
}
