using System.Text.Json.Nodes;
using BinAuthz.Emulator.State;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Microsoft.AspNetCore.Http;

namespace BinAuthz.Emulator.Storage;

/// <summary>The objects of every bucket. A new generation replaces the one before it; versions are not kept.</summary>
internal sealed class ObjectStore
{
    private readonly Lock gate = new();
    private readonly Table<StoredObject> objects;
    private readonly BucketStore buckets;
    private readonly ContentStore contents;
    private readonly TimeProvider time;
    private long lastGeneration;

    public ObjectStore(EmulatorStore store, BucketStore buckets, ContentStore contents, TimeProvider time)
    {
        (this.buckets, this.contents, this.time) = (buckets, contents, time);
        objects = store.Table("storage-object", StoredObject.Parser, stored => [stored.Bucket]);
        var all = objects.All();
        lastGeneration = all.Select(stored => stored.Generation).DefaultIfEmpty().Max();
        contents.RemoveAllBut(all.Select(stored => stored.Content).ToHashSet());
    }

    /// <summary>Stores a new generation.</summary>
    /// <exception cref="StorageException">400: a bad name, or checksums that do not fit. 403: the one before is kept. 404: no such bucket. 412: preconditions.</exception>
    public StoredObject Insert(string bucket, string name, JsonObject metadata, byte[] content, Preconditions preconditions)
    {
        buckets.Get(bucket);
        if (name.Length == 0 || System.Text.Encoding.UTF8.GetByteCount(name) > 1024 || name.AsSpan().IndexOfAny('\r', '\n') >= 0)
        {
            throw StorageException.Invalid("An object name has 1 to 1024 bytes of UTF-8 and no line breaks.");
        }

        var now = Timestamp.FromDateTimeOffset(time.GetUtcNow());
        var stored = new StoredObject
        {
            Bucket = bucket,
            Name = name,
            Metageneration = 1,
            Created = now,
            Updated = now,
            Size = content.Length,
            Md5 = ByteString.CopyFrom(Checksums.Md5(content)),
            Crc32C = ByteString.CopyFrom(Checksums.Crc32C(content)),
            Json = ObjectResource.Settable(metadata).ToJsonString(),
        };
        CheckSums(metadata, stored);
        stored.Content = contents.Put(content);
        Replace(stored, preconditions);
        return stored;
    }

    /// <exception cref="StorageException">404: no such object, or not of this generation.</exception>
    public StoredObject Get(string bucket, string name, long? generation)
    {
        buckets.Get(bucket);
        return objects.Find(Key(bucket, name)) is { } stored && (generation is null || generation == stored.Generation) ? stored : throw Missing(bucket, name);
    }

    /// <summary>Whether there is an object of that name.</summary>
    public bool Exists(string bucket, string name) => objects.Find(Key(bucket, name)) is not null;

    /// <summary>The objects of a bucket, by name.</summary>
    public IReadOnlyList<StoredObject> List(string bucket)
    {
        buckets.Get(bucket);
        return objects.Lookup(bucket);
    }

    /// <summary>An object as the API shows it.</summary>
    public JsonObject Show(StoredObject stored, HttpRequest request) => ObjectResource.Of(stored, request, RetentionPolicy.Until(stored, RetentionPolicy.Period(buckets.Get(stored.Bucket))));

    public Stream Open(StoredObject stored) => contents.Open(stored.Content);

    public StoredObject Patch(string bucket, string name, JsonObject changes, Preconditions preconditions)
    {
        lock (gate)
        {
            preconditions.Check(objects.Find(Key(bucket, name)) ?? throw Missing(bucket, name));
            return objects.Update(Key(bucket, name), current =>
            {
                var json = JsonNode.Parse(current.Json)!.AsObject();
                JsonMerge.Apply(json, ObjectResource.Settable(changes));
                current.Json = json.ToJsonString();
                current.Metageneration++;
                current.Updated = Timestamp.FromDateTimeOffset(time.GetUtcNow());
                return current;
            })!;
        }
    }

    public void Delete(string bucket, string name, long? generation, Preconditions preconditions)
    {
        lock (gate)
        {
            var stored = Get(bucket, name, generation);
            preconditions.Check(stored);
            CheckRetention(stored);
            objects.Remove(Key(bucket, name));
            contents.Remove(stored.Content);
        }
    }

    /// <exception cref="StorageException">409: not empty.</exception>
    public void DeleteBucket(string bucket)
    {
        lock (gate)
        {
            if (List(bucket).Count > 0)
            {
                throw StorageException.Conflict("The bucket you tried to delete is not empty.");
            }

            buckets.Delete(bucket);
        }
    }

    private void Replace(StoredObject stored, Preconditions preconditions)
    {
        var key = Key(stored.Bucket, stored.Name);
        lock (gate)
        {
            var before = objects.Find(key);
            try
            {
                preconditions.Check(before);
                CheckRetention(before);
            }
            catch (StorageException)
            {
                contents.Remove(stored.Content);
                throw;
            }

            lastGeneration = Math.Max(lastGeneration + 1, time.GetUtcNow().ToUnixTimeMilliseconds() * 1000);
            stored.Generation = lastGeneration;
            objects.Set(key, stored);
            if (before is not null)
            {
                contents.Remove(before.Content);
            }
        }
    }

    private void CheckRetention(StoredObject? stored)
    {
        if (stored is not null)
        {
            RetentionPolicy.Check(stored, RetentionPolicy.Period(buckets.Get(stored.Bucket)), time.GetUtcNow());
        }
    }

    private static void CheckSums(JsonObject metadata, StoredObject stored)
    {
        if ((string?)metadata["md5Hash"] is { } md5 && md5 != stored.Md5.ToBase64())
        {
            throw StorageException.Invalid($"Provided MD5 hash \"{md5}\" doesn't match calculated MD5 hash \"{stored.Md5.ToBase64()}\".");
        }

        if ((string?)metadata["crc32c"] is { } crc32c && crc32c != stored.Crc32C.ToBase64())
        {
            throw StorageException.Invalid($"Provided CRC32C \"{crc32c}\" doesn't match calculated CRC32C \"{stored.Crc32C.ToBase64()}\".");
        }
    }

    private static string Key(string bucket, string name) => $"{bucket}/{name}";

    private static StorageException Missing(string bucket, string name) => StorageException.NotFound($"No such object: {bucket}/{name}");
}
