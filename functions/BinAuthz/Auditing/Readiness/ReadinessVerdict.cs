namespace BinAuthz.Auditing.Readiness;

/// <summary>Whether an environment may enforce.</summary>
/// <param name="Conditions">What must hold.</param>
/// <param name="Rollback">The command that sets back the policy that is live now; empty: no report keeps it.</param>
internal sealed record ReadinessVerdict(IReadOnlyList<ReadinessCondition> Conditions, string Rollback)
{
    /// <summary>Whether everything holds.</summary>
    public bool IsReady => Conditions.All(condition => condition.IsMet);

    /// <summary>From when on everything holds if nothing happens until then, UTC; null: somebody has to do something first, or it is ready.</summary>
    public DateTimeOffset? From
    {
        get
        {
            ReadinessCondition[] missing = [.. Conditions.Where(condition => !condition.IsMet)];
            return missing.Length > 0 && Array.TrueForAll(missing, condition => condition.From is not null) ? missing.Max(condition => condition.From) : null;
        }
    }
}
