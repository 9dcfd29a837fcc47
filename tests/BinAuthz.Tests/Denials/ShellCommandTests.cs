using System.Diagnostics;
using BinAuthz.Denials;
using FsCheck.Xunit;

namespace BinAuthz.Tests.Denials;

public sealed class ShellCommandTests
{
    // What an attacker may write for the name of an image.
    private static readonly string[] Hostile =
    [
        "$(touch owned)", "`id`", "';id;'", "\";id;\"", "a b", "a\\", "'", "''", "\\'", "$HOME", "!!", "&& id", "| id", "> /etc/passwd", "#", "~", "*", "{a,b}", "", "-n", "--help", "a=b", "x@sha256:'$(id)'",
    ];

    [Theory]
    [InlineData("binauthz sign a.b/c@sha256:0", "binauthz", "sign", "a.b/c@sha256:0")]
    [InlineData("a 'b c' ''", "a", "b c", "")]
    [InlineData(@"a 'it'\''s'", "a", "it's")]
    [InlineData("", "a", "b\nc")]
    [InlineData("", "a", "\u001b[31m")]
    [InlineData("", "a", "\u202eb")]
    [InlineData("", "a", "caf\u00e9")]
    public void Of_Words_QuotesWhatIsNotPlain(string command, params string[] words) => Assert.Equal(command, ShellCommand.Of(words));

    [Fact]
    public void Pipe_OneOfThemIsEmpty_IsEmpty() => Assert.Equal(("a | b", ""), (ShellCommand.Pipe("a", "b"), ShellCommand.Pipe("a", "")));

    [Fact]
    public void Of_HostileWords_AShellSeesEachAsOneWord() => Assert.Equal(Hostile, Shell(Hostile));

    [Property(MaxTest = 5)]
    public void Of_AnyWords_AShellSeesEachAsOneWord(string?[] texts)
    {
        string[] words = [.. texts.Concat(Enumerable.Range(0, 200).Select(index => new string([.. Enumerable.Range(0, index % 7).Select(each => (char)(' ' + ((index * 31 + each * 17) % 95)))]))).Select(text => text ?? "")];

        if (words.Any(word => word.Any(character => character is < ' ' or > '~')))
        {
            Assert.Empty(ShellCommand.Of(words));
            words = [.. words.Select(word => new string([.. word.Where(character => character is >= ' ' and <= '~')]))];
        }

        Assert.Equal(words, Shell(words));
    }

    private static string[] Shell(string[] words)
    {
        var start = new ProcessStartInfo("sh") { RedirectStandardOutput = true, ArgumentList = { "-c", ShellCommand.Of(["printf", @"%s\0", .. words]) } };
        using var shell = Process.Start(start)!;
        var printed = shell.StandardOutput.ReadToEnd();
        shell.WaitForExit();
        return printed.Split('\0')[..^1];
    }
}
