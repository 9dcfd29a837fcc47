using System.Globalization;
using System.Text.Json.Nodes;
using BinAuthz.Emulator.State;
using Google.Protobuf.WellKnownTypes;

namespace BinAuthz.Emulator.Storage;

/// <summary>
/// A bucket's retention policy: objects younger than its period are neither deleted nor overwritten. A locked one is only
/// ever extended (docs: storage/docs/bucket-lock, json_api/v1/buckets).
/// </summary>
internal static class RetentionPolicy
{
    private const string Field = "retentionPolicy";

    // The documentation's bound: a hundred years.
    private const long Longest = 3_155_760_000;

    /// <summary>How long the objects of a bucket are kept; null: it has no policy.</summary>
    public static TimeSpan? Period(StoredBucket bucket) => Seconds(JsonNode.Parse(bucket.Json)!.AsObject()) is { } seconds ? TimeSpan.FromSeconds(seconds) : null;

    /// <summary>Checks the policy that a bucket is to have, and dates it where it is another than before.</summary>
    /// <param name="before">The bucket's fields as they are; null: it is made.</param>
    /// <param name="after">As they are to be.</param>
    /// <param name="now">From when on it holds.</param>
    /// <exception cref="StorageException">400: no such period. 403: the policy is locked, and this would shorten it or take it away.</exception>
    public static void Change(JsonObject? before, JsonObject after, Timestamp now)
    {
        var (old, period) = (before is null ? null : Seconds(before), Seconds(after));
        var isLocked = before is not null && IsLocked(before);
        if (isLocked && (period is null || period < old))
        {
            throw new StorageException(403, "forbidden", "Cannot reduce or remove the retention period of a locked Retention Policy.");
        }

        if (after[Field] is not JsonObject policy)
        {
            after.Remove(Field);
            return;
        }

        policy["effectiveTime"] = period == old && before![Field]!["effectiveTime"] is { } since ? since.DeepClone() : ObjectResource.Time(now);
        policy["isLocked"] = isLocked;
    }

    /// <summary>Locks the policy for good.</summary>
    /// <exception cref="StorageException">400: there is none. Which code Cloud Storage has for that is not documented.</exception>
    public static void Lock(JsonObject bucket) =>
        (bucket[Field] as JsonObject ?? throw StorageException.Invalid("The bucket has no retention policy to lock."))["isLocked"] = true;

    /// <exception cref="StorageException">403: the object is not old enough to be deleted or overwritten.</exception>
    public static void Check(StoredObject stored, TimeSpan? period, DateTimeOffset now)
    {
        if (Until(stored, period) is { } until && until > now)
        {
            throw new StorageException(403, "retentionPolicyNotMet", $"Object '{stored.Bucket}/{stored.Name}' is subject to bucket's retention policy or object retention and cannot be deleted or overwritten until {until.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFzzz", CultureInfo.InvariantCulture)}");
        }
    }

    /// <summary>Until when an object is kept; null: it may go at any time.</summary>
    public static DateTimeOffset? Until(StoredObject stored, TimeSpan? period) => stored.Created.ToDateTimeOffset() + period;

    private static bool IsLocked(JsonObject bucket) => bucket[Field] is JsonObject policy && (bool?)policy["isLocked"] == true;

    private static long? Seconds(JsonObject bucket)
    {
        if (bucket[Field] is not JsonObject policy)
        {
            return null;
        }

        return long.TryParse(policy["retentionPeriod"]?.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and < Longest
            ? seconds
            : throw StorageException.Invalid($"Invalid argument: retentionPolicy.retentionPeriod is a number of seconds between 1 and {Longest - 1}.");
    }
}
