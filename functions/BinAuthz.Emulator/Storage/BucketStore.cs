using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using BinAuthz.Emulator.Iam;
using BinAuthz.Emulator.State;
using Google.Protobuf.WellKnownTypes;

namespace BinAuthz.Emulator.Storage;

/// <summary>The buckets of every project; their names are unique among all.</summary>
internal sealed partial class BucketStore(EmulatorStore store, TimeProvider time)
{
    private static readonly string[] Computed = ["kind", "id", "name", "selfLink", "projectNumber", "metageneration", "timeCreated", "updated", "etag", "locationType"];

    private readonly Table<StoredBucket> buckets = store.Table("storage-bucket", StoredBucket.Parser, bucket => [bucket.Project]);

    /// <exception cref="StorageException">400: no valid name. 409: taken.</exception>
    public StoredBucket Create(string project, JsonObject wanted)
    {
        var name = (string?)wanted["name"] ?? "";
        if (!ValidName().IsMatch(name))
        {
            throw StorageException.Invalid($"Invalid bucket name: '{name}'. It has 3 to 63 lower-case letters, digits and -_., and begins and ends with a letter or digit.");
        }

        if (project.Length == 0)
        {
            throw new StorageException(400, "required", "Required parameter: project");
        }

        var now = Timestamp.FromDateTimeOffset(time.GetUtcNow());
        var settable = Settable(wanted);
        RetentionPolicy.Change(null, settable, now);
        var bucket = new StoredBucket { Name = name, Project = project, Metageneration = 1, Created = now, Updated = now, Json = settable.ToJsonString() };
        return buckets.TryAdd(name, bucket) ? bucket : throw StorageException.Conflict("The requested bucket name is not available. The bucket namespace is shared by all users of the system. Please select a different name and try again.");
    }

    /// <exception cref="StorageException">404.</exception>
    public StoredBucket Get(string name) => buckets.Find(name) ?? throw Missing();

    public StoredBucket? Find(string name) => buckets.Find(name);

    public IReadOnlyList<StoredBucket> List(string project) => buckets.Lookup(project);

    /// <summary>Changes the given fields; null takes one away.</summary>
    /// <exception cref="StorageException">403: a locked retention policy forbids it. 404. 412: the bucket is not of that metageneration.</exception>
    public StoredBucket Patch(string name, JsonObject changes, long? metageneration) => Change(name, metageneration, json =>
    {
        var before = json.DeepClone().AsObject();
        JsonMerge.Apply(json, Settable(changes));
        RetentionPolicy.Change(before, json, Timestamp.FromDateTimeOffset(time.GetUtcNow()));
    });

    /// <summary>Locks the retention policy for good.</summary>
    public StoredBucket LockRetention(string name, long metageneration) => Change(name, metageneration, RetentionPolicy.Lock);

    private StoredBucket Change(string name, long? metageneration, Action<JsonObject> change) => buckets.Update(name, current =>
    {
        if (metageneration is { } expected && expected != current.Metageneration)
        {
            throw StorageException.PreconditionFailed();
        }

        var json = JsonNode.Parse(current.Json)!.AsObject();
        change(json);
        current.Json = json.ToJsonString();
        current.Metageneration++;
        current.Updated = Timestamp.FromDateTimeOffset(time.GetUtcNow());
        return current;
    }) ?? throw Missing();

    public void Delete(string name)
    {
        if (!buckets.Remove(name))
        {
            throw Missing();
        }
    }

    /// <summary>The bucket as the API shows it.</summary>
    public static JsonObject Resource(StoredBucket bucket)
    {
        var json = JsonNode.Parse(bucket.Json)!.AsObject();
        json["kind"] = "storage#bucket";
        json["id"] = bucket.Name;
        json["name"] = bucket.Name;
        json["projectNumber"] = ProjectNumber.Of(bucket.Project).ToString(CultureInfo.InvariantCulture);
        json["location"] = ((string?)json["location"] ?? "US").ToUpperInvariant();
        json["locationType"] = LocationType((string)json["location"]!);
        json["storageClass"] ??= "STANDARD";
        json["iamConfiguration"] ??= new JsonObject { ["uniformBucketLevelAccess"] = new JsonObject { ["enabled"] = true }, ["publicAccessPrevention"] = "inherited" };
        json["metageneration"] = bucket.Metageneration.ToString(CultureInfo.InvariantCulture);
        json["timeCreated"] = ObjectResource.Time(bucket.Created);
        json["updated"] = ObjectResource.Time(bucket.Updated);
        json["etag"] = ObjectResource.Tag(bucket.Metageneration);
        return json;
    }

    public static string LocationType(string location) => location is "US" or "EU" or "ASIA" ? "multi-region" : "region";

    private static JsonObject Settable(JsonObject wanted)
    {
        var settable = wanted.DeepClone().AsObject();
        foreach (var name in Computed)
        {
            settable.Remove(name);
        }

        return settable;
    }

    private static StorageException Missing() => StorageException.NotFound("The specified bucket does not exist.");

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9._\-]{1,220}[a-z0-9]\z")]
    private static partial Regex ValidName();
}
