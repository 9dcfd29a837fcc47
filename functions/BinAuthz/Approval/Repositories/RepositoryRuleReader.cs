using System.Text.RegularExpressions;
using BinAuthz.Images;
using BinAuthz.Yaml;

namespace BinAuthz.Approval.Repositories;

/// <summary>Reads <c>rules.repositories</c>: texts, or mappings of <c>image</c> and <c>tags</c>.</summary>
internal sealed partial class RepositoryRuleReader(YamlReader reader)
{
    private const string What = "rules.repositories";
    private const string Example = "us-central1-docker.pkg.dev/acme-prod/app/**";
    private const string TagExample = "v1.*";

    /// <summary>The rule; errors are the reader's.</summary>
    public RepositoryRule Read(YamlValue section)
    {
        var patterns = new List<RepositoryPattern>();
        foreach (var item in reader.Items(section, What, Example))
        {
            if (Pattern(item) is not { } pattern)
            {
                continue;
            }

            if (patterns.Exists(other => other.ToString() == pattern.ToString()))
            {
                reader.Error(item, $"'{pattern}' stands twice in {What}.", "Remove one of them.");
            }
            else
            {
                patterns.Add(pattern);
            }
        }

        return new RepositoryRule(patterns);
    }

    private RepositoryPattern? Pattern(YamlValue item)
    {
        if (item is not YamlValue.Mapping)
        {
            return reader.Text(item, $"An entry of {What}", Example) is { } text && Image(item, text) is { } image ? new RepositoryPattern(image, []) : null;
        }

        var values = reader.Mapping(item, $"An entry of {What}", "image", "tags");
        var name = reader.Required(values, item, "image", $"Write image: {Example}.");
        var tags = reader.Required(values, item, "tags", $"Write tags: [{TagExample}], or the image name alone.");
        return name is not null && tags is not null && reader.Text(name, "image", Example) is { } written && Image(name, written) is { } named
            ? new RepositoryPattern(named, Tags(tags))
            : null;
    }

    private ImagePattern? Image(YamlValue at, string text)
    {
        if (Fault(text, out var pattern) is { } rule)
        {
            reader.Error(at, $"'{text}' is not a repository pattern: {rule}.", $"Write a repository, or a path and /* or /**, such as {Example}.");
            return null;
        }

        return pattern;
    }

    private List<string> Tags(YamlValue section)
    {
        var tags = new List<string>();
        foreach (var (at, text) in reader.Texts(section, "tags", TagExample))
        {
            if (TagPattern().IsMatch(text))
            {
                tags.Add(text);
            }
            else
            {
                reader.Error(at, $"'{text}' is not a tag pattern.", $"Write a tag, or how it starts and *, such as {TagExample}.");
            }
        }

        return tags;
    }

    private static string? Fault(string text, out ImagePattern? pattern)
    {
        if (!ImagePattern.TryParse(text, out pattern, out var rule))
        {
            return rule;
        }

        if (!pattern.EndsOnPathBoundary)
        {
            return "the wildcard must be a whole path segment, otherwise it also allows neighbours whose names start alike";
        }

        var path = text.TrimEnd('*').TrimEnd('/');
        return path.Contains('@', StringComparison.Ordinal) || path[(path.IndexOf('/', StringComparison.Ordinal) + 1)..].Contains(':', StringComparison.Ordinal) || text.EndsWith('/')
            ? "it names repositories, without tag, digest and trailing slash"
            : null;
    }

    [GeneratedRegex(@"\A[A-Za-z0-9_][A-Za-z0-9._-]{0,126}\*?\z")]
    private static partial Regex TagPattern();
}
