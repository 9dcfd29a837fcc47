namespace BinAuthz.Checkup;

/// <summary>Something that was read, or why it could not be.</summary>
internal abstract record Fact<T>
{
    private Fact()
    {
    }

    /// <summary>It was read.</summary>
    internal sealed record Known(T Value) : Fact<T>;

    /// <summary>It was not.</summary>
    internal sealed record Unknown(Obstacle Why) : Fact<T>;

    /// <summary>What a check says of it; what is not known is said to be unchecked.</summary>
    /// <param name="check">The check.</param>
    /// <param name="resource">What it looks at.</param>
    /// <param name="judge">The check of what is known.</param>
    public IEnumerable<CheckResult> Judge(string check, object resource, Func<T, IEnumerable<CheckResult>> judge) => this switch
    {
        Known known => judge(known.Value),
        Unknown unknown => [CheckResult.Unchecked(check, resource, unknown.Why)],
        _ => throw new InvalidOperationException($"{GetType().Name} is not a fact that is known here."),
    };

    /// <summary>The value, or else what stands for a value that is not known.</summary>
    public T Or(T otherwise) => this is Known known ? known.Value : otherwise;
}
