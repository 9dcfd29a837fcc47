using BinAuthz.Denials;

namespace BinAuthz.Tests.Denials;

public sealed class LogFiltersTests
{
    // docs: logging/quotas, "Length of a logging query".
    private const int MaximumLength = 20_000;

    [Fact]
    public void Sink_StaysUnderTheLimitOfLogging() => Assert.InRange(LogFilters.Sink.Length, 1, MaximumLength / 2);

    [Fact]
    public void Sink_IsAnyOfThem() => Assert.Equal(string.Join("\nOR ", LogFilters.All.Select(filter => $"({filter.Filter})")), LogFilters.Sink);

    [Fact]
    public void All_AreNamedAndDescribedOnce()
    {
        Assert.Equal(LogFilters.All.Count, LogFilters.All.Select(filter => filter.Id).Distinct().Count());
        Assert.Equal(LogFilters.All.Count, LogFilters.All.Select(filter => filter.Description).Distinct().Count());
        Assert.All(LogFilters.All, filter => Assert.Matches("^[a-z]+(-[a-z]+)+$", filter.Id));
        Assert.All(LogFilters.All, filter => Assert.Matches("^[A-Z].*[.]$", filter.Description));
    }

    // What the functions of this project log themselves must not come back to them.
    [Fact]
    public void All_NameTheirLog() => Assert.All(LogFilters.All, filter => Assert.Contains("logName:\"", filter.Filter, StringComparison.Ordinal));

    [Fact]
    public void Readme_Table_HasEveryFilterWithItsDescription()
    {
        var lines = File.ReadAllLines(Path.Combine(SourceTree.Root, "functions/BinAuthz/Denials/README.md"));
        var table = lines.Where(line => line.StartsWith("| `", StringComparison.Ordinal)).Select(line => line.Split('|', StringSplitOptions.TrimEntries)).Where(cells => cells[1].Contains('-', StringComparison.Ordinal));

        Assert.Equal(LogFilters.All.Select(filter => ($"`{filter.Id}`", filter.Description)), table.Select(cells => (cells[1], cells[2])));
    }

    [Fact]
    public void Readme_Queries_AreTheFilters()
    {
        var readme = File.ReadAllText(Path.Combine(SourceTree.Root, "functions/BinAuthz/Denials/README.md"));

        Assert.All(LogFilters.All, filter => Assert.Contains($"-- {filter.Id}\n{filter.Filter}\n", readme, StringComparison.Ordinal));
    }

    [Fact]
    public void Readme_Kinds_AreAllOfThem()
    {
        var readme = File.ReadAllText(Path.Combine(SourceTree.Root, "functions/BinAuthz/Denials/README.md"));

        Assert.All(Enum.GetNames<FindingKind>(), kind => Assert.Contains($"| `{kind}` |", readme, StringComparison.Ordinal));
    }
}
