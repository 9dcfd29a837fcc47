using BinAuthz.Auditing.Facts;
using BinAuthz.Auditing.Rules;
using BinAuthz.Checkup;

namespace BinAuthz.Auditing.Scanning;

/// <summary>Makes of what was counted what the rules judge: what could not be read is not assessed.</summary>
internal static class TallyComposer
{
    /// <summary>Composes.</summary>
    /// <param name="tally">Of the whole note.</param>
    /// <param name="keys">The attestor's.</param>
    /// <param name="subjects">The images that were looked for.</param>
    /// <param name="records">Whether the decision records could be read, and the key records.</param>
    /// <param name="limit">How many findings of a rule are named at most.</param>
    public static AttestationTally Compose(ScanTally tally, AuditKeys keys, ScannedSubjects subjects, ScannedRecords records, int limit)
    {
        var findings = tally.Rules.ToDictionary(
            each => each.Key, each => Assess(each.Value, Missing(each.Key, subjects, records)), StringComparer.Ordinal);
        var duplicates = Duplicates(tally, keys, subjects.Known, limit);
        findings["BA107"] = Assess(duplicates, Missing("BA107", subjects, records));
        return new AttestationTally(tally.Total, tally.Valid, findings);
    }

    private static IReadOnlyList<Obstacle> Missing(string rule, ScannedSubjects subjects, ScannedRecords records) => rule switch
    {
        "BA101" or "BA102" or "BA103" or "BA109" => records.KeyRecords is { } keys ? [keys] : [],
        "BA106" or "BA107" => subjects.Obstacles,
        "BA108" => [.. subjects.Obstacles, .. records.Decisions is { } decisions ? (Obstacle[])[decisions] : []],
        _ => [],
    };

    // Without all images none is known to be gone, and those that are known are judged anyway.
    private static RuleAssessment Assess(RuleTally tally, IReadOnlyList<Obstacle> missing) =>
        missing.Count > 0 ? RuleAssessment.NotKnown(missing, tally.Named) : new RuleAssessment.Assessed(tally.Named) { Count = tally.Count };

    private static RuleTally Duplicates(ScanTally tally, AuditKeys keys, ScanSubjects subjects, int limit)
    {
        var found = new RuleTally(limit);
        for (var place = 0; place < subjects.Images.Count; place++)
        {
            if (tally.Duplicated[place] is var marks and not 0)
            {
                var image = subjects.Images[place];
                var name = image.Name is { } known ? $"{known}@{image.Digest}" : image.Digest.ToString();
                found.Add(name, () => AttestationRules.FindingOfDuplicate(name, image.Digest, [.. keys.Ids.Where(id => (keys.Mark(id) & marks) != 0)], keys.Attestor.Name));
            }
        }

        return found;
    }
}
