using BinAuthz.Auditing.Scanning;

namespace BinAuthz.Tests.Auditing.Scanning;

public sealed class ClipTests
{
    [Theory]
    [InlineData(200, 200)]
    [InlineData(201, 201)]
    [InlineData(5000, 201)]
    public void Text_OfALength_IsCutAfter200Characters(int length, int shown) => Assert.Equal(shown, Clip.Text(new string('a', length)).Length);

    [Fact]
    public void Text_Cut_EndsWithAnEllipsis() => Assert.EndsWith("a…", Clip.Text(new string('a', 201)), StringComparison.Ordinal);

    [Theory]
    [InlineData("a,b,c", "'a', 'b', 'c'")]
    [InlineData("a,b,c,d", "'a', 'b', 'c' and 1 more")]
    [InlineData("a,a", "'a'")]
    public void Texts_Several_AreTheFirstThree(string texts, string shown) => Assert.Equal(shown, Clip.Texts(texts.Split(',')));
}
