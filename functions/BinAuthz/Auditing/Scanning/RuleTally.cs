namespace BinAuthz.Auditing.Scanning;

/// <summary>What a rule found: how many, and the first by resource, whatever the order in which they were found.</summary>
/// <param name="limit">How many are named at most.</param>
internal sealed class RuleTally(int limit)
{
    private static readonly Comparer<AuditFinding> ByResource = Comparer<AuditFinding>.Create((left, right) =>
        string.CompareOrdinal(left.Resource, right.Resource) is var order and not 0 ? order : string.CompareOrdinal(left.Detail, right.Detail));

    private readonly SortedSet<AuditFinding> named = new(ByResource);

    /// <summary>How many were found.</summary>
    public long Count { get; private set; }

    /// <summary>The first by resource.</summary>
    public IReadOnlyList<AuditFinding> Named => [.. named];

    /// <summary>Counts one, and makes the finding only if it is to be named.</summary>
    public void Add(string resource, Func<AuditFinding> make)
    {
        Count++;
        if (named.Count < limit || (limit > 0 && string.CompareOrdinal(resource, named.Max!.Resource) <= 0))
        {
            Keep(make());
        }
    }

    /// <summary>Takes what was found elsewhere.</summary>
    public void Add(long count, IEnumerable<AuditFinding> findings)
    {
        Count += count;
        foreach (var finding in findings)
        {
            Keep(finding);
        }
    }

    private void Keep(AuditFinding finding)
    {
        named.Add(finding);
        if (named.Count > limit)
        {
            named.Remove(named.Max!);
        }
    }
}
