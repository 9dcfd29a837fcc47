using System.Globalization;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Grpc.Core;

namespace BinAuthz.GoogleCloud;

/// <summary>Cloud Storage, by its JSON API. Objects are created and read, never overwritten or deleted.</summary>
internal sealed class StorageClient(GoogleHttp http)
{
    private const string Host = "storage.googleapis.com";
    private const int Largest = 32 * 1024 * 1024;

    /// <summary>Stores an object unless there is one of that name.</summary>
    /// <returns>False: there was one, and it is as it was. After a lost answer that may be the caller's own.</returns>
    /// <exception cref="GoogleCallException">NOT_FOUND: there is no such bucket.</exception>
    public async Task<bool> CreateAsync(string bucket, string name, ReadOnlyMemory<byte> content, string contentType, CancellationToken cancellationToken)
    {
        try
        {
            await InsertAsync(bucket, name, content, contentType, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (GoogleCallException error) when (error.Status == StatusCode.FailedPrecondition)
        {
            return false;
        }
    }

    /// <summary>The bytes of an object.</summary>
    /// <exception cref="GoogleCallException">NOT_FOUND: there is no such object, or no such bucket.</exception>
    public Task<byte[]> ReadAsync(string bucket, string name, CancellationToken cancellationToken) =>
        ReadAsync("objects.get", $"gs://{bucket}/{name}", $"storage/v1/b/{Uri.EscapeDataString(bucket)}/o/{Uri.EscapeDataString(name)}?alt=media", cancellationToken);

    /// <summary>The names of all objects that begin with <paramref name="prefix"/>.</summary>
    /// <exception cref="GoogleCallException">NOT_FOUND: there is no such bucket.</exception>
    public Task<IReadOnlyList<string>> ListAsync(string bucket, string prefix, CancellationToken cancellationToken) => ListAsync(bucket, prefix, prefix, cancellationToken);

    /// <summary>The names of all objects that begin with <paramref name="prefix"/>, from the name <paramref name="start"/> on.</summary>
    /// <exception cref="GoogleCallException">NOT_FOUND: there is no such bucket.</exception>
    public async Task<IReadOnlyList<string>> ListAsync(string bucket, string prefix, string start, CancellationToken cancellationToken)
    {
        var names = new List<string>();
        await foreach (var page in ListPagesAsync(bucket, prefix, start, cancellationToken).ConfigureAwait(false))
        {
            names.AddRange(page);
        }

        return names;
    }

    /// <summary>The same, page by page, for what is too much to be held.</summary>
    /// <exception cref="GoogleCallException">NOT_FOUND: there is no such bucket; OUT_OF_RANGE: the list does not end.</exception>
    public async IAsyncEnumerable<IReadOnlyList<string>> ListPagesAsync(string bucket, string prefix, string start, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var offset = start == prefix ? "" : $"&startOffset={Uri.EscapeDataString(start)}";
        var tokens = new PageTokens("objects.list", $"gs://{bucket}/{prefix}");
        var token = "";
        do
        {
            var page = token.Length == 0 ? "" : $"&pageToken={Uri.EscapeDataString(token)}";
            var path = $"storage/v1/b/{Uri.EscapeDataString(bucket)}/o?prefix={Uri.EscapeDataString(prefix)}{offset}{page}";
            var answer = await ReadAsync("objects.list", $"gs://{bucket}/{prefix}", path, cancellationToken).ConfigureAwait(false);
            using var document = JsonDocument.Parse(answer);
            yield return document.RootElement.TryGetProperty("items", out var items) ? [.. items.EnumerateArray().Select(item => item.GetProperty("name").GetString()!)] : [];
            token = document.RootElement.TryGetProperty("nextPageToken", out var next) ? next.GetString()! : "";
        }
        while (tokens.Follow(token));
    }

    /// <summary>Makes a bucket with uniform access unless there is one, and has it keep its objects: a longer retention stays, a missing or shorter one is set. Never locked.</summary>
    /// <param name="project">Whose bucket it becomes.</param>
    /// <param name="bucket">Its name.</param>
    /// <param name="location">Of a bucket that has to be made.</param>
    /// <param name="retention">How old an object must be before it can be deleted; null: no retention is asked for, and one that is there stays.</param>
    /// <param name="cancellationToken">Stops between two calls.</param>
    /// <returns>Whether anything was made or changed.</returns>
    public async Task<bool> EnsureBucketAsync(string project, string bucket, string location, TimeSpan? retention, CancellationToken cancellationToken)
    {
        var body = new JsonObject
        {
            ["name"] = bucket,
            ["location"] = location,
            ["iamConfiguration"] = new JsonObject
            {
                ["uniformBucketLevelAccess"] = new JsonObject { ["enabled"] = true },
                ["publicAccessPrevention"] = "enforced",
            },
        };
        if (retention is { } period)
        {
            body["retentionPolicy"] = RetentionPolicy(period);
        }

        try
        {
            await http.SendAsync(new HttpCall("buckets.insert", $"gs://{bucket}", Host, HttpMethod.Post, $"storage/v1/b?project={Uri.EscapeDataString(project)}", () => Json(body)), cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (GoogleCallException error) when (error.Status == StatusCode.AlreadyExists)
        {
            return retention is { } wanted && await ExtendRetentionAsync(bucket, wanted, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Describes a bucket.</summary>
    /// <returns>Null: there is none of that name.</returns>
    public async Task<BucketDescription?> FindBucketAsync(string bucket, CancellationToken cancellationToken)
    {
        try
        {
            using var document = JsonDocument.Parse(await ReadAsync("buckets.get", $"gs://{bucket}", BucketPath(bucket), cancellationToken).ConfigureAwait(false));
            return Describe(document.RootElement);
        }
        catch (GoogleCallException error) when (error.Status == StatusCode.NotFound)
        {
            return null;
        }
    }

    private async Task<bool> ExtendRetentionAsync(string bucket, TimeSpan retention, CancellationToken cancellationToken)
    {
        var found = await FindBucketAsync(bucket, cancellationToken).ConfigureAwait(false);
        if (found is null || found.Keeps(retention))
        {
            return false;
        }

        // As it was read: what somebody else sets meanwhile may be longer.
        var patch = new JsonObject { ["retentionPolicy"] = RetentionPolicy(retention) };
        var path = $"{BucketPath(bucket)}?ifMetagenerationMatch={found.Metageneration}";
        await http.SendAsync(new HttpCall("buckets.patch", $"gs://{bucket}", Host, HttpMethod.Patch, path, () => Json(patch)), cancellationToken).ConfigureAwait(false);
        return true;
    }

    // docs: storage/docs/json_api/v1/buckets; seconds are a string there.
    private static BucketDescription Describe(JsonElement bucket)
    {
        var policy = bucket.TryGetProperty("retentionPolicy", out var found) ? found : default;
        return new BucketDescription(
            policy.ValueKind == JsonValueKind.Object ? TimeSpan.FromSeconds(long.Parse(policy.GetProperty("retentionPeriod").GetString()!, CultureInfo.InvariantCulture)) : null,
            policy.ValueKind == JsonValueKind.Object && policy.TryGetProperty("isLocked", out var locked) && locked.GetBoolean(),
            bucket.TryGetProperty("versioning", out var versioning) && versioning.TryGetProperty("enabled", out var enabled) && enabled.GetBoolean())
        {
            Metageneration = bucket.GetProperty("metageneration").GetString()!,
        };
    }

    private static JsonObject RetentionPolicy(TimeSpan period) => new() { ["retentionPeriod"] = ((long)period.TotalSeconds).ToString(CultureInfo.InvariantCulture) };

    private static StringContent Json(JsonObject body) => new(body.ToJsonString(), MediaTypeHeaderValue.Parse("application/json"));

    private static string BucketPath(string bucket) => $"storage/v1/b/{Uri.EscapeDataString(bucket)}";

    // Generation 0 is no object (docs: storage/docs/request-preconditions).
    private Task InsertAsync(string bucket, string name, ReadOnlyMemory<byte> content, string contentType, CancellationToken cancellationToken) =>
        http.SendAsync(
            new HttpCall(
                "objects.insert",
                $"gs://{bucket}/{name}",
                Host,
                HttpMethod.Post,
                $"upload/storage/v1/b/{Uri.EscapeDataString(bucket)}/o?uploadType=media&name={Uri.EscapeDataString(name)}&ifGenerationMatch=0",
                () => new ReadOnlyMemoryContent(content) { Headers = { ContentType = MediaTypeHeaderValue.Parse(contentType) } }),
            cancellationToken);

    private async Task<byte[]> ReadAsync(string method, string resource, string path, CancellationToken cancellationToken) =>
        await http.ReadAsync(new HttpCall(method, resource, Host, HttpMethod.Get, path), Largest, cancellationToken).ConfigureAwait(false)
            ?? throw new GoogleCallException(method, resource, StatusCode.OutOfRange, $"It is longer than {Largest} bytes, and nothing that is kept here is.");
}
