using BinAuthz.Yaml;

namespace BinAuthz.Approval.Content;

/// <summary>Reads <c>rules.labels</c>: a mapping of label names to the value, or the list of values, that each may have.</summary>
internal sealed class LabelsRuleReader(YamlReader reader)
{
    private const string NameExample = "org.opencontainers.image.vendor";
    private const string ValueExample = "acme";

    /// <summary>The rule; null when it is no mapping. Errors are the reader's.</summary>
    public LabelsRule? Read(YamlValue section)
    {
        if (section is not YamlValue.Mapping { Entries: { Count: > 0 } entries })
        {
            reader.Error(section, section is YamlValue.Mapping ? "rules.labels must not be empty." : "rules.labels must be a mapping.", $"Write labels and their values, such as {NameExample}: [{ValueExample}].");
            return null;
        }

        var required = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        foreach (var (key, value) in entries)
        {
            if (reader.Text(key, "A label's name", NameExample) is { } name && !required.TryAdd(name, Values(name, value)))
            {
                reader.Error(key, $"The label '{name}' stands twice in rules.labels.", "Put its values into one list.");
            }
        }

        return new LabelsRule(required);
    }

    private IReadOnlyList<string> Values(string name, YamlValue value) => value is YamlValue.Sequence
        ? [.. reader.Texts(value, name, ValueExample).Select(entry => entry.Text)]
        : reader.Text(value, name, ValueExample) is { } text ? [text] : [];
}
