namespace BinAuthz.Emulator.ContainerAnalysis.Filters;

/// <summary>What a filter, or a part of one, asks for.</summary>
/// <param name="Matches">Whether an item satisfies it.</param>
/// <param name="Subjects">The only subjects (see <see cref="ResourceSubject"/>) that can satisfy it; null is every subject.</param>
internal sealed record FilterCondition<T>(Func<T, bool> Matches, IReadOnlySet<string>? Subjects = null)
{
    public static readonly FilterCondition<T> Everything = new(_ => true);

    public FilterCondition<T> And(FilterCondition<T> other) =>
        new(item => Matches(item) && other.Matches(item), Intersection(Subjects, other.Subjects));

    public FilterCondition<T> Or(FilterCondition<T> other) =>
        new(item => Matches(item) || other.Matches(item), Subjects is null || other.Subjects is null ? null : Subjects.Union(other.Subjects).ToHashSet());

    public FilterCondition<T> Not() => new(item => !Matches(item));

    private static IReadOnlySet<string>? Intersection(IReadOnlySet<string>? one, IReadOnlySet<string>? other) =>
        one is null ? other : other is null ? one : one.Intersect(other).ToHashSet();
}
