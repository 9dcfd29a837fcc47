using System.Text;
using BinAuthz.Auditing.Archive;
using BinAuthz.Tests.Cli;

namespace BinAuthz.Tests.Auditing.Archive;

public sealed class ArchiveNamesTests
{
    [Fact]
    public void ReportName_Parts_AreBelowItsFolder()
    {
        var name = ChainWorld.Name(1);

        Assert.Equal("audits/production/20261126T060000Z", name.ToString());
        Assert.Equal("20261126T060000Z", name.Id);
        Assert.Equal("audits/production/20261126T060000Z/statement.dsse.json", name.Statement);
        Assert.True(ReportName.TryParse("production", name.Id, out var parsed));
        Assert.Equal(name, parsed);
        Assert.True(ReportName.TryParseStatement(name.Statement, out var again));
        Assert.Equal(name, again);
    }

    [Theory]
    [InlineData("20261326T060000Z")]
    [InlineData("20261126T060000")]
    [InlineData("2026-11-26T06:00:00Z")]
    [InlineData(" 20261126T060000Z")]
    [InlineData("")]
    public void TryParse_NoTime_False(string id) => Assert.False(ReportName.TryParse("production", id, out _));

    [Theory]
    [InlineData("audits/production/20261126T060000Z")]
    [InlineData("audits/production/20261126T060000Z/report.json")]
    [InlineData("audit/production/20261126T060000Z/statement.dsse.json")]
    [InlineData("audits/production/x/statement.dsse.json")]
    [InlineData("audits/production/more/20261126T060000Z/statement.dsse.json")]
    public void TryParseStatement_Other_False(string name) => Assert.False(ReportName.TryParseStatement(name, out _));

    [Theory]
    [InlineData("audits/production/chain/00000012", 12L)]
    [InlineData("audits/production/chain/123456789", 123_456_789L)]
    [InlineData("audits/production/chain/12", null)]
    [InlineData("audits/production/chain/012345678", null)]
    [InlineData("audits/staging/chain/00000012", null)]
    [InlineData("audits/production/chain/0000001a", null)]
    public void Sequence_OfAMark_IsItsNumber(string mark, long? expected) => Assert.Equal(expected, ChainMark.Sequence("production", mark));

    [Fact]
    public async Task CreateAsync_NameIsTaken_LeavesWhatIsThere()
    {
        using var directory = new TemporaryDirectory();
        var archive = new DirectoryArchive(directory.Path);

        Assert.True(await archive.CreateAsync("audits/a/1", "first"u8.ToArray(), "text/plain", ChainWorld.Stop));
        Assert.False(await archive.CreateAsync("audits/a/1", "second"u8.ToArray(), "text/plain", ChainWorld.Stop));

        Assert.Equal("first", Encoding.UTF8.GetString((await archive.FindAsync("audits/a/1", ChainWorld.Stop))!));
        Assert.Equal([".lock", "1"], Directory.EnumerateFiles(directory.Path, "*", SearchOption.AllDirectories).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task CreateAsync_ManyAtATime_OneWins()
    {
        using var directory = new TemporaryDirectory();
        var archive = new DirectoryArchive(directory.Path);

        for (var round = 0; round < 50; round++)
        {
            var won = await Task.WhenAll(Enumerable.Range(0, 8).Select(each => Task.Run(() => archive.CreateAsync($"audits/a/{round}", new[] { (byte)each }, "text/plain", ChainWorld.Stop))));

            Assert.Single(won, each => each);
            Assert.Equal((byte)Array.IndexOf(won, true), Assert.Single((await archive.FindAsync($"audits/a/{round}", ChainWorld.Stop))!));
        }
    }

    [Fact]
    public async Task ListAsync_Prefix_IsInOrderAndOfWholeNames()
    {
        using var directory = new TemporaryDirectory();
        var archive = new DirectoryArchive(directory.Path);
        foreach (var name in new[] { "audits/b/2", "audits/a/2", "audits/a/1/x", "audits/ab/1" })
        {
            await archive.CreateAsync(name, "x"u8.ToArray(), "text/plain", ChainWorld.Stop);
        }

        Assert.Equal(["audits/a/1/x", "audits/a/2"], await archive.ListAsync("audits/a/", ChainWorld.Stop));
        Assert.Equal(["audits/a/1/x", "audits/a/2", "audits/ab/1"], await archive.ListAsync("audits/a", ChainWorld.Stop));
        Assert.Empty(await archive.ListAsync("audits/c/", ChainWorld.Stop));
        Assert.Null(await archive.FindAsync("audits/a/3", ChainWorld.Stop));
        Assert.Null(await archive.FindAsync("none/a/3", ChainWorld.Stop));
    }

    [Theory]
    [InlineData("../evil")]
    [InlineData("audits/../../evil")]
    [InlineData("/etc/passwd")]
    [InlineData("audits//x")]
    [InlineData("audits/.hidden")]
    [InlineData("audits/x/")]
    [InlineData("audits/x\n")]
    [InlineData("")]
    public async Task Archive_NameLeavesTheFolder_IsRefused(string name)
    {
        using var directory = new TemporaryDirectory();
        var archive = new DirectoryArchive(directory.Path);

        await Assert.ThrowsAsync<ArgumentException>(() => archive.FindAsync(name, ChainWorld.Stop));
        await Assert.ThrowsAsync<ArgumentException>(() => archive.CreateAsync(name, default, "text/plain", ChainWorld.Stop));
    }
}
