namespace BinAuthz.Tests;

public sealed class RecentTests
{
    [Fact]
    public void Remember_MoreThanTheMaximum_ForgetsTheOldest()
    {
        var recent = new Recent<string, int>(2);
        recent.Remember("a", 1);
        recent.Remember("b", 2);
        recent.Remember("a", 3);
        recent.Remember("c", 4);

        Assert.Equal([0, 2, 4], new[] { "a", "b", "c" }.Select(recent.Find));
    }
}
