namespace BinAuthz.GoogleCloud;

/// <summary>What a bucket does with its objects.</summary>
/// <param name="Retention">How old an object must be before it can be deleted or overwritten; null: there is no retention policy.</param>
/// <param name="IsRetentionLocked">Whether nobody can shorten that or take it away any more.</param>
/// <param name="KeepsVersions">Whether versioning is on.</param>
internal sealed record BucketDescription(TimeSpan? Retention, bool IsRetentionLocked, bool KeepsVersions)
{
    /// <summary>The bucket's number of changes, to change it only as it was read.</summary>
    public string Metageneration { get; init; } = "";

    /// <summary>Whether objects are kept at least as long as that; null: no retention is asked for.</summary>
    public bool Keeps(TimeSpan? wanted) => wanted is null || Retention >= wanted;
}
