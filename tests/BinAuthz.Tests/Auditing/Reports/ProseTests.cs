using BinAuthz.Auditing.Reports;

namespace BinAuthz.Tests.Auditing.Reports;

public sealed class ProseTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("plain", "plain")]
    [InlineData("run `a b` now", "run |[a b]| now")]
    [InlineData("`a``b`", "[a]|[b]")]
    [InlineData("odd ` one", "odd ` one")]
    [InlineData("`a` odd ` one", "[a]| odd ` one")]
    [InlineData("``", "[]")]
    public void Pieces_Text_IsCutAtBackquotes(string text, string expected) =>
        Assert.Equal(expected, string.Join('|', Prose.Pieces(text).Select(piece => piece.IsCode ? $"[{piece.Text}]" : piece.Text)));

    [Theory]
    [InlineData("run `a_b <c>` now", "run `a_b <c>` now")]
    [InlineData("a_b", "a\\_b")]
    [InlineData("\\`*_{}[]<>#&|~!", "\\\\\\`\\*\\_\\{\\}\\[\\]\\<\\>\\#\\&\\|\\~\\!")]
    [InlineData("[x](y) - fine.", "\\[x\\](y) - fine.")]
    [InlineData("` `", " ")]
    [InlineData("`a\nb_c`", "a\nb\\_c")]
    public void Markdown_Text_IsNoMarkup(string text, string expected) => Assert.Equal(expected, Prose.Markdown(text));
}
