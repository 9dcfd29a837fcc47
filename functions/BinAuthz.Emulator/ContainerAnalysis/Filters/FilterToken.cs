namespace BinAuthz.Emulator.ContainerAnalysis.Filters;

/// <summary>One token of a filter.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">As written; a string without its quotes and escapes.</param>
/// <param name="Position">Where it begins.</param>
internal readonly record struct FilterToken(FilterTokenKind Kind, string Text, int Position)
{
    public bool Is(FilterTokenKind kind, string text) => Kind == kind && Text == text;

    public override string ToString() => Kind == FilterTokenKind.End ? "the end" : $"'{Text}' at position {Position}";
}
