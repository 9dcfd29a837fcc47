using BinAuthz.Cli.Output;

namespace BinAuthz.Tests.Cli.Output;

public sealed class PlainTextTests
{
    [Theory]
    [InlineData("us-docker.pkg.dev/p/r/i@sha256:00 (käse, 日本 🐳)", "us-docker.pkg.dev/p/r/i@sha256:00 (käse, 日本 🐳)")]
    [InlineData("\u001b[31mred\u0007\r\n", "\ufffd[31mred\ufffd\ufffd\ufffd")]
    [InlineData("a\u202eb\u200bc\u2028d", "a\ufffdb\ufffdc\ufffdd")]
    public void Of_Text_KeepsWhatATerminalShows(string text, string shown) => Assert.Equal(shown, PlainText.Of(text));
}
