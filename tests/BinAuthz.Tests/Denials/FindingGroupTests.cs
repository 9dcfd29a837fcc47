using BinAuthz.Denials;

namespace BinAuthz.Tests.Denials;

public sealed class FindingGroupTests
{
    [Fact]
    public void Of_RetriesAndOthers_PutsTogetherWhatIsTheSame()
    {
        var finding = DenialSamples.Of(FindingKind.Denial, "a.b/c:1");
        Finding[] all = [At(finding, 5), At(finding, 1), At(finding, 9), At(finding with { Namespace = "other" }, 7), At(finding with { Image = "a.b/c:2" }, 3), At(finding with { Kind = FindingKind.DryRunDenial }, 2)];

        var groups = FindingGroup.Of(all);

        Assert.Equal([3, 1, 1, 1], groups.Select(group => group.Count));
        Assert.Equal((all[2], all[1].Source.Time), (groups[0].Latest, groups[0].First));
        Assert.Equal([9, 7, 3, 2], groups.Select(group => group.Latest.Source.Time.Minute));
    }

    private static Finding At(Finding finding, int minute) => finding with { Source = finding.Source with { Time = new DateTimeOffset(2026, 10, 1, 8, minute, 0, TimeSpan.Zero), InsertId = $"{minute}" } };
}
