using System.Globalization;
using System.Text.RegularExpressions;

namespace BinAuthz.Yaml;

/// <summary>Takes values out of a YAML document and collects everything that is wrong with it, instead of the first fault.</summary>
internal sealed partial class YamlReader(string file, DateTimeOffset now)
{
    private readonly List<ConfigurationError> errors = [];
    private readonly List<ConfigurationError> warnings = [];

    /// <summary>The time of reading, by which warnings tell what expires.</summary>
    public DateTimeOffset Now => now;

    /// <summary>What was found so far, in the order of the file.</summary>
    public IReadOnlyList<ConfigurationError> Errors => InOrder(errors);

    /// <summary>What may be used and should be looked at, in the order of the file.</summary>
    public IReadOnlyList<ConfigurationError> Warnings => InOrder(warnings);

    public void Error(YamlValue at, string rule, string remedy) => Error(at.Line, at.Column, rule, remedy);

    public void Error(int line, int column, string rule, string remedy) => errors.Add(new ConfigurationError(file, line, column, rule, remedy));

    public void Warning(YamlValue at, string rule, string remedy) => warnings.Add(new ConfigurationError(file, at.Line, at.Column, rule, remedy));

    /// <summary>The values of a mapping that may hold the given keys only; empty when it is not a mapping.</summary>
    public Dictionary<string, YamlValue> Mapping(YamlValue value, string what, params string[] keys)
    {
        var found = new Dictionary<string, YamlValue>(StringComparer.Ordinal);
        if (value is not YamlValue.Mapping mapping)
        {
            Error(value, $"{what} must be a mapping.", $"Write its keys: {string.Join(", ", keys)}.");
            return found;
        }

        foreach (var (key, item) in mapping.Entries)
        {
            if (key is not YamlValue.Scalar { Text: var name } || !keys.Contains(name))
            {
                Error(key, $"{what} has no key '{(key as YamlValue.Scalar)?.Text}'.", $"Use {string.Join(", ", keys)}, or remove it.");
            }
            else if (!found.TryAdd(name, item))
            {
                Error(key, $"The key '{name}' stands twice in {what}; first on line {found[name].Line}.", "Remove one of them.");
            }
        }

        return found;
    }

    /// <summary>The entries of a mapping whose keys the author chooses, without duplicates; none, and an error, when it is not a mapping or empty.</summary>
    public IReadOnlyList<(YamlValue At, string Name, YamlValue Value)> Named(YamlValue value, string what, string example)
    {
        var found = new List<(YamlValue At, string Name, YamlValue Value)>();
        if (value is not YamlValue.Mapping { Entries.Count: > 0 } mapping)
        {
            Error(value, value is YamlValue.Mapping ? $"{what} must not be empty." : $"{what} must be a mapping of names.", $"Write at least one, such as {example}.");
            return found;
        }

        foreach (var (key, item) in mapping.Entries)
        {
            if (Text(key, $"A name in {what}", example) is not { } name)
            {
                continue;
            }

            if (found.FirstOrDefault(other => other.Name == name) is { At: { } first })
            {
                Error(key, $"The key '{name}' stands twice in {what}; first on line {first.Line}.", "Remove one of them.");
            }
            else
            {
                found.Add((key, name, item));
            }
        }

        return found;
    }

    /// <summary>A whole number; null, and an error, when it is none or out of bounds.</summary>
    public int? Number(YamlValue value, string what, int least, int most)
    {
        if (value is YamlValue.Scalar { Plain: true, Text: var text } && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number >= least && number <= most)
        {
            return number;
        }

        Error(value, $"{what} must be a whole number from {least} to {most}.", $"Write a number, such as {least}.");
        return null;
    }

    /// <summary>The value of a key that must be there; null, and an error, when it is not.</summary>
    public YamlValue? Required(Dictionary<string, YamlValue> values, YamlValue parent, string key, string remedy)
    {
        if (values.TryGetValue(key, out var value))
        {
            return value;
        }

        if (parent is YamlValue.Mapping)
        {
            Error(parent, $"The key '{key}' is missing.", remedy);
        }

        return null;
    }

    /// <summary>A text; null, and an error, when the value is of another type or empty.</summary>
    public string? Text(YamlValue value, string what, string example)
    {
        if (value is not YamlValue.Scalar scalar)
        {
            Error(value, $"{what} must be text.", $"Write a single value, such as {example}.");
            return null;
        }

        if (scalar.Text.Length == 0 || (scalar.Plain && NotText().IsMatch(scalar.Text)))
        {
            Error(value, $"{what} must be text and is '{scalar.Text}'.", $"Write a value such as {example}.");
            return null;
        }

        return scalar.Text;
    }

    /// <summary>A length of time such as <c>24h</c>; null, and an error, when it is none.</summary>
    public TimeSpan? Duration(YamlValue value, string what, string example)
    {
        if (value is YamlValue.Scalar { Text: var text } && DurationText.TryParse(text, out var duration))
        {
            return duration;
        }

        Error(value, $"{what} must be a length of time.", $"Write a number and m, h or d for minutes, hours or days, such as {example}.");
        return null;
    }

    /// <summary>Yes or no; false, and an error, when it is neither.</summary>
    public bool Boolean(YamlValue value, string what)
    {
        if (value is YamlValue.Scalar { Plain: true, Text: "true" or "false" } scalar)
        {
            return scalar.Text == "true";
        }

        Error(value, $"{what} must be true or false.", "Write true or false.");
        return false;
    }

    /// <summary>The items of a list that must not be empty; none, and an error, when it is not such a list.</summary>
    public IReadOnlyList<YamlValue> Items(YamlValue value, string what, string example)
    {
        if (value is YamlValue.Sequence { Items.Count: > 0 } sequence)
        {
            return sequence.Items;
        }

        Error(value, value is YamlValue.Sequence ? $"{what} must not be empty." : $"{what} must be a list.", $"Write at least one entry, such as - {example}.");
        return [];
    }

    /// <summary>The texts of a list without duplicates.</summary>
    public IReadOnlyList<(YamlValue At, string Text)> Texts(YamlValue value, string what, string example)
    {
        var texts = new List<(YamlValue At, string Text)>();
        foreach (var item in Items(value, what, example))
        {
            if (Text(item, $"An entry of {what}", example) is not { } text)
            {
                continue;
            }

            if (texts.Any(other => other.Text == text))
            {
                Error(item, $"'{text}' stands twice in {what}.", "Remove one of them.");
            }
            else
            {
                texts.Add((item, text));
            }
        }

        return texts;
    }

    private static ConfigurationError[] InOrder(List<ConfigurationError> found) => [.. found.OrderBy(each => each.Line).ThenBy(each => each.Column)];

    [GeneratedRegex(@"\A(?:~|null|Null|NULL|true|True|TRUE|false|False|FALSE|[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+|[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))\z")]
    private static partial Regex NotText();
}
