namespace BinAuthz.Yaml;

/// <summary>A YAML value with the place where it stands.</summary>
internal abstract record YamlValue(int Line, int Column)
{
    /// <summary>A single value; <see cref="Plain"/> when it stands without quotes, so that its type is the YAML schema's business.</summary>
    internal sealed record Scalar(int Line, int Column, string Text, bool Plain) : YamlValue(Line, Column);

    /// <summary>A list.</summary>
    internal sealed record Sequence(int Line, int Column, IReadOnlyList<YamlValue> Items) : YamlValue(Line, Column);

    /// <summary>Keys and values in the order of the file, duplicates included.</summary>
    internal sealed record Mapping(int Line, int Column, IReadOnlyList<KeyValuePair<YamlValue, YamlValue>> Entries) : YamlValue(Line, Column);
}
