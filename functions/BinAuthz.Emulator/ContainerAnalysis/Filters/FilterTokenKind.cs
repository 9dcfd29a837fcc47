namespace BinAuthz.Emulator.ContainerAnalysis.Filters;

/// <summary>The kinds of tokens in a filter.</summary>
internal enum FilterTokenKind
{
    /// <summary>A field, a function, AND, OR, NOT, or a value without quotes.</summary>
    Word,

    /// <summary>A value in quotes.</summary>
    Text,

    /// <summary>An operator, a parenthesis or a comma.</summary>
    Symbol,

    /// <summary>Nothing is left.</summary>
    End,
}
