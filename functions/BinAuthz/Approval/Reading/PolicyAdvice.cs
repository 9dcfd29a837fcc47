using BinAuthz.Approval.Provenance;
using BinAuthz.Approval.Repositories;
using BinAuthz.Yaml;

namespace BinAuthz.Approval.Reading;

/// <summary>Warns of what a policy may say and hardly anybody means: rules given up, or patterns that allow nearly everything.</summary>
internal sealed class PolicyAdvice(YamlReader reader, string? environment)
{
    private const string Production = "production";

    /// <summary>Looks at an attestor's section, read or not.</summary>
    public void Look(Dictionary<string, YamlValue> values)
    {
        if (environment == Production && values.TryGetValue("mode", out var mode) && mode is YamlValue.Scalar { Text: "dryRun" })
        {
            reader.Warning(mode, "Production is in a dry run: decisions are recorded, and nothing is signed.", "Write mode: enforce once the decisions are as expected.");
        }

        if (values.TryGetValue("rules", out var rules))
        {
            Group(rules);
        }
    }

    private void Group(YamlValue section)
    {
        foreach (var (name, value) in Entries(section))
        {
            switch (name)
            {
                case RepositoryRule.RuleName:
                    Repositories(value);
                    break;
                case ProvenanceRule.RuleName:
                    Provenance(value);
                    break;
                case CompositeRule.Any or CompositeRule.All:
                    Composite(name, value);
                    break;
            }
        }
    }

    private void Repositories(YamlValue value)
    {
        if (IsNone(value))
        {
            reader.Warning(value, "Images of every repository are allowed.", "Write repositories: with the repositories that images are pushed to.");
        }

        foreach (var item in Items(value))
        {
            var image = item is YamlValue.Mapping ? Entries(item).FirstOrDefault(entry => entry.Name == "image").Value : item;
            if (image is YamlValue.Scalar { Text: var text } && CoversHost(text))
            {
                reader.Warning(image, $"'{text}' allows every repository of the registry, other projects' too.", "Write a pattern below a project, such as us-central1-docker.pkg.dev/acme-prod/app/**.");
            }
        }
    }

    private void Provenance(YamlValue value)
    {
        if (IsNone(value) && environment == Production)
        {
            reader.Warning(value, "Production signs images without provenance: whoever can push can have an image signed.", "Write provenance: with builders, sources and keys.");
        }

        foreach (var item in Items(Entries(value).FirstOrDefault(entry => entry.Name == "sources").Value))
        {
            if (item is YamlValue.Scalar { Text: var text } && text.StartsWith("https://", StringComparison.Ordinal) && CoversHost(text["https://".Length..]))
            {
                reader.Warning(item, $"'{text}' allows every source of the host, other people's too.", "Write a pattern below an owner, such as https://github.com/acme/*.");
            }
        }
    }

    private void Composite(string name, YamlValue value)
    {
        var items = Items(value);
        if (name == CompositeRule.Any && items.Count == 1)
        {
            reader.Warning(value, "any has a single entry, which is then demanded.", "Add the alternative, or write the rules without any.");
        }

        foreach (var item in items)
        {
            Group(item);
        }
    }

    private static bool IsNone(YamlValue value) => value is YamlValue.Scalar { Text: "none" };

    private static bool CoversHost(string pattern) => pattern.EndsWith("/**", StringComparison.Ordinal) && !pattern[..^"/**".Length].Contains('/', StringComparison.Ordinal);

    private static IReadOnlyList<YamlValue> Items(YamlValue? value) => value is YamlValue.Sequence sequence ? sequence.Items : [];

    private static IEnumerable<(string Name, YamlValue Value)> Entries(YamlValue value) =>
        value is YamlValue.Mapping mapping ? mapping.Entries.Select(entry => ((entry.Key as YamlValue.Scalar)?.Text ?? "", entry.Value)) : [];
}
