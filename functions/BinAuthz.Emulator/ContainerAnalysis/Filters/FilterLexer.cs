using System.Text;
using BinAuthz.Emulator.Hosting;

namespace BinAuthz.Emulator.ContainerAnalysis.Filters;

/// <summary>Cuts a filter into tokens.</summary>
internal static class FilterLexer
{
    private static readonly string[] Symbols = ["!=", "<=", ">=", "=", "<", ">", "(", ")", ","];

    public static List<FilterToken> Read(string filter)
    {
        var tokens = new List<FilterToken>();
        var position = 0;
        while (position < filter.Length)
        {
            if (char.IsWhiteSpace(filter[position]))
            {
                position++;
                continue;
            }

            tokens.Add(Next(filter, ref position));
        }

        tokens.Add(new FilterToken(FilterTokenKind.End, "", filter.Length));
        return tokens;
    }

    private static FilterToken Next(string filter, ref int position)
    {
        var start = position;
        if (filter[start] is '"' or '\'')
        {
            return new FilterToken(FilterTokenKind.Text, Quoted(filter, ref position), start);
        }

        if (Symbols.FirstOrDefault(symbol => string.CompareOrdinal(filter, start, symbol, 0, symbol.Length) == 0) is { } found)
        {
            position += found.Length;
            return new FilterToken(FilterTokenKind.Symbol, found, start);
        }

        while (position < filter.Length && IsWord(filter[position]))
        {
            position++;
        }

        return position > start
            ? new FilterToken(FilterTokenKind.Word, filter[start..position], start)
            : throw Errors.Invalid($"The filter has the character '{filter[start]}' at position {start}, which has no meaning there.");
    }

    private static string Quoted(string filter, ref int position)
    {
        var start = position;
        var text = new StringBuilder();
        for (position++; position < filter.Length; position++)
        {
            var character = filter[position];
            if (character == filter[start])
            {
                position++;
                return text.ToString();
            }

            text.Append(character == '\\' && position + 1 < filter.Length ? filter[++position] : character);
        }

        throw Errors.Invalid($"The filter has a string without an end at position {start}.");
    }

    private static bool IsWord(char character) => char.IsAsciiLetterOrDigit(character) || character is '_' or '.' or '-' or ':' or '/' or '@' or '+';
}
