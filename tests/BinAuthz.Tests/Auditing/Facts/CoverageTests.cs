using BinAuthz.Auditing.Facts;

namespace BinAuthz.Tests.Auditing.Facts;

public sealed class CoverageTests
{
    [Theory]
    [InlineData(0, 0, 0, 0, 100)]
    [InlineData(4, 1, 4, 3, 50)]
    [InlineData(0, 0, 4, 1, 25)]
    public void Percent_OfAllImages_Counts(long stored, long storedAttested, long running, long runningAttested, double percent) =>
        Assert.Equal(percent, new Coverage(stored, storedAttested, running, runningAttested, []).Percent);
}
