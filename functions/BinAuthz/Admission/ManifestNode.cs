namespace BinAuthz.Admission;

/// <summary>A YAML value of a manifest, aliases and merge keys resolved, with the place where it stands.</summary>
internal abstract class ManifestNode(int line, int column, int size)
{
    /// <summary>Counted from one, in the file.</summary>
    public int Line { get; } = line;

    /// <summary>Counted from one.</summary>
    public int Column { get; } = column;

    /// <summary>How many values it holds, itself included, with every alias written out.</summary>
    public int Size { get; } = size;

    /// <summary>A single value; <see cref="IsText"/> unless YAML takes it for a number, a boolean or nothing.</summary>
    internal sealed class Scalar(int line, int column, string text, bool isText) : ManifestNode(line, column, 1)
    {
        public string Text { get; } = text;

        public bool IsText { get; } = isText;

        /// <summary>Whether nothing is written.</summary>
        public bool IsNull => !IsText && Text is "" or "~" or "null" or "Null" or "NULL";
    }

    /// <summary>A list.</summary>
    internal sealed class Sequence(int line, int column, int size, IReadOnlyList<ManifestNode> items) : ManifestNode(line, column, size)
    {
        public IReadOnlyList<ManifestNode> Items { get; } = items;
    }

    /// <summary>Keys and values; no key stands twice.</summary>
    internal sealed class Mapping(int line, int column, int size, IReadOnlyDictionary<string, ManifestNode> entries) : ManifestNode(line, column, size)
    {
        public IReadOnlyDictionary<string, ManifestNode> Entries { get; } = entries;

        /// <summary>The value of a key, or null: there is none, or it is null.</summary>
        public ManifestNode? this[string key] => Entries.GetValueOrDefault(key) is { } value and not Scalar { IsNull: true } ? value : null;

        /// <summary>The text of a key, or null: there is none, or it is no single value.</summary>
        public string? Text(string key) => (this[key] as Scalar)?.Text;

        /// <summary>The mapping of a key, or null.</summary>
        public Mapping? Child(string key) => this[key] as Mapping;

        /// <summary>The list of a key; empty when there is none.</summary>
        public IReadOnlyList<ManifestNode> List(string key) => (this[key] as Sequence)?.Items ?? [];
    }
}
