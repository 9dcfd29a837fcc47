using System.Text.RegularExpressions;
using BinAuthz.Yaml;

namespace BinAuthz.Approval.Content;

/// <summary>Reads <c>rules.notRoot</c>: <c>true</c>, or a mapping with <c>names</c>.</summary>
internal sealed partial class NotRootRuleReader(YamlReader reader)
{
    private const string What = "rules.notRoot.names";
    private const string Example = "nonroot";

    /// <summary>The rule; null when it is neither. Errors are the reader's.</summary>
    public NotRootRule? Read(YamlValue section)
    {
        switch (section)
        {
            case YamlValue.Scalar { Plain: true, Text: "true" }:
                return new NotRootRule([]);
            case YamlValue.Mapping:
                var values = reader.Mapping(section, "rules.notRoot", "names");
                return new NotRootRule(reader.Required(values, section, "names", $"Write names: [{Example}], or notRoot: true.") is { } names ? Names(names) : []);
            default:
                reader.Error(section, "rules.notRoot must be true, or a mapping with names.", $"Write notRoot: true; names: [{Example}] below it to allow user names; or notRoot: none to do without it.");
                return null;
        }
    }

    private List<string> Names(YamlValue section)
    {
        var names = new List<string>();
        foreach (var (at, text) in reader.Texts(section, What, Example))
        {
            if (text.Equals("root", StringComparison.OrdinalIgnoreCase))
            {
                reader.Error(at, $"'{text}' can not be listed in {What}.", "Remove it, or write notRoot: none to allow root.");
            }
            else if (!UserName().IsMatch(text))
            {
                reader.Error(at, $"'{text}' is not a user name.", $"Write the name alone, without group, such as {Example}; numbers other than 0 are allowed as they are.");
            }
            else
            {
                names.Add(text);
            }
        }

        return names;
    }

    // docs: man 8 useradd, with the upper case that other tools allow.
    [GeneratedRegex(@"\A[A-Za-z_][A-Za-z0-9_.-]{0,31}\z")]
    private static partial Regex UserName();
}
