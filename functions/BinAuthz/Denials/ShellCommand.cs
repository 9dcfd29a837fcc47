using System.Buffers;

namespace BinAuthz.Denials;

/// <summary>
/// Puts words together to a command line that can be pasted into a POSIX shell. Words may come from a log, where whoever may
/// create a pod writes what he likes: each stays one word, and what is not printable ASCII gives no command at all.
/// </summary>
internal static class ShellCommand
{
    private static readonly SearchValues<char> Plain = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_./:@=+,");

    /// <summary>One command.</summary>
    /// <param name="words">The program and its arguments. None that comes from a log may stand where it could be an option.</param>
    /// <returns>Empty when a word cannot be pasted safely.</returns>
    public static string Of(params IReadOnlyList<string> words) => words.All(IsPrintable) ? string.Join(' ', words.Select(Quote)) : "";

    /// <summary>Commands of which each reads what the one before writes.</summary>
    /// <returns>Empty when one of them is.</returns>
    public static string Pipe(params IReadOnlyList<string> commands) => commands.All(command => command.Length > 0) ? string.Join(" | ", commands) : "";

    private static bool IsPrintable(string word) => !word.AsSpan().ContainsAnyExceptInRange(' ', '~');

    private static string Quote(string word) =>
        word.Length > 0 && !word.AsSpan().ContainsAnyExcept(Plain) ? word : $"'{word.Replace("'", @"'\''", StringComparison.Ordinal)}'";
}
