namespace BinAuthz.Admission;

/// <summary>A manifest that cannot be read, with the place.</summary>
internal sealed class ManifestException(int line, int column, string rule, Exception? inner = null) : Exception(rule, inner)
{
    /// <summary>Counted from one.</summary>
    public int Line { get; } = line;

    /// <summary>Counted from one.</summary>
    public int Column { get; } = column;
}
