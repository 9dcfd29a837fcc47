using BinAuthz.Checkup;

namespace BinAuthz.Auditing;

/// <summary>What came out of a rule.</summary>
internal abstract record RuleAssessment
{
    private RuleAssessment()
    {
    }

    /// <summary>Everything that it needs was read.</summary>
    /// <param name="Findings">What was found; none: it passed.</param>
    internal sealed record Assessed(IReadOnlyList<AuditFinding> Findings) : RuleAssessment
    {
        /// <summary>How many there are, of which <see cref="Findings"/> may hold only the first.</summary>
        public long Count { get; init; } = Findings.Count;
    }

    /// <summary>Something that it needs could not be read. It did not pass.</summary>
    /// <param name="Reason">What, and why.</param>
    /// <param name="Remedy">What helps.</param>
    /// <param name="Findings">What was found in what could be read.</param>
    internal sealed record NotAssessed(string Reason, string Remedy, IReadOnlyList<AuditFinding> Findings) : RuleAssessment;

    /// <summary>Judges one fact.</summary>
    public static RuleAssessment Of<T>(Fact<T> fact, Func<T, IEnumerable<AuditFinding>> judge) => Of([fact], judge);

    /// <summary>Judges several facts of a kind: all have to be known for the rule to be assessed, and those that are known are judged anyway.</summary>
    public static RuleAssessment Of<T>(IEnumerable<Fact<T>> facts, Func<T, IEnumerable<AuditFinding>> judge)
    {
        var (findings, obstacles) = (new List<AuditFinding>(), new List<Obstacle>());
        foreach (var fact in facts)
        {
            if (fact is Fact<T>.Known known)
            {
                findings.AddRange(judge(known.Value));
            }
            else if (fact is Fact<T>.Unknown unknown)
            {
                obstacles.Add(unknown.Why);
            }
        }

        return obstacles.Count == 0 ? new Assessed(findings) : NotKnown(obstacles, findings);
    }

    /// <summary>Joins what came out for several subjects, such as attestors.</summary>
    public static RuleAssessment All(IEnumerable<RuleAssessment> assessments)
    {
        RuleAssessment[] all = [.. assessments];
        AuditFinding[] findings = [.. all.SelectMany(each => each switch { Assessed assessed => assessed.Findings, NotAssessed not => not.Findings, _ => [] })];
        NotAssessed[] not = [.. all.OfType<NotAssessed>()];
        return not.Length == 0
            ? new Assessed(findings) { Count = all.OfType<Assessed>().Sum(each => each.Count) }
            : new NotAssessed(Joined(not.Select(each => each.Reason)), Joined(not.Select(each => each.Remedy)), findings);
    }

    /// <summary>What could not be read.</summary>
    public static NotAssessed NotKnown(IEnumerable<Obstacle> obstacles, IReadOnlyList<AuditFinding> findings)
    {
        Obstacle[] all = [.. obstacles];
        return new NotAssessed(Joined(all.Select(obstacle => obstacle.Reason)), Joined(all.Select(obstacle => obstacle.Remedy)), findings);
    }

    private static string Joined(IEnumerable<string> texts) => string.Join(" ", texts.Distinct(StringComparer.Ordinal));
}
