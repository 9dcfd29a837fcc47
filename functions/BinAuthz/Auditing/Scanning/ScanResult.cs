using BinAuthz.Auditing.Facts;
using BinAuthz.Checkup;

namespace BinAuthz.Auditing.Scanning;

/// <summary>Makes of what was counted for each attestor what is known of the images.</summary>
internal static class ScanResult
{
    /// <summary>Which images are covered; not known unless all images and all attestations were read.</summary>
    public static Fact<Coverage> Cover(AuditRequest request, ScannedSubjects images, IReadOnlyList<ScannedAttestor> attestors)
    {
        Obstacle[] obstacles = [.. images.Obstacles, .. attestors.Select(each => each.Tally).OfType<Fact<ScanTally>.Unknown>().Select(unknown => unknown.Why)];
        if (obstacles.Length > 0)
        {
            var joined = RuleAssessment.NotKnown(obstacles, []);
            return new Fact<Coverage>.Unknown(new Obstacle(joined.Reason, joined.Remedy, obstacles.Any(obstacle => obstacle.IsTransient)));
        }

        var coverage = CoverageComposer.Compose(request, images.Known, [.. attestors.Select(each => (each.Audited.Subject.Attestor, IsAttested(each)))]);
        return new Fact<Coverage>.Known(coverage with { Exemptions = images.ExemptionsUnknown });
    }

    private static Func<int, bool> IsAttested(ScannedAttestor attestor)
    {
        var tally = ((Fact<ScanTally>.Known)attestor.Tally).Value;
        return place => tally.Attested[place] != 0;
    }
}
