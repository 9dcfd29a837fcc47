using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Grpc.Core;

namespace BinAuthz.GoogleCloud;

/// <summary>Cloud Storage, by its JSON API. Writing the same object again is harmless.</summary>
internal sealed class StorageClient(GoogleHttp http)
{
    private const string Host = "storage.googleapis.com";
    private const int Largest = 32 * 1024 * 1024;

    /// <summary>Stores an object, over an older one of that name.</summary>
    /// <exception cref="GoogleCallException">NOT_FOUND: there is no such bucket.</exception>
    public Task StoreAsync(string bucket, string name, ReadOnlyMemory<byte> content, string contentType, CancellationToken cancellationToken) =>
        InsertAsync(bucket, name, "", content, contentType, cancellationToken);

    /// <summary>Stores an object unless there is one of that name.</summary>
    /// <returns>False: there was one, and it is as it was. After a lost answer that may be the caller's own.</returns>
    /// <exception cref="GoogleCallException">NOT_FOUND: there is no such bucket.</exception>
    public async Task<bool> CreateAsync(string bucket, string name, ReadOnlyMemory<byte> content, string contentType, CancellationToken cancellationToken)
    {
        try
        {
            // Generation 0 is no object (docs: storage/docs/request-preconditions).
            await InsertAsync(bucket, name, "&ifGenerationMatch=0", content, contentType, cancellationToken).ConfigureAwait(false);
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
        var offset = start == prefix ? "" : $"&startOffset={Uri.EscapeDataString(start)}";
        var page = "";
        do
        {
            var path = $"storage/v1/b/{Uri.EscapeDataString(bucket)}/o?prefix={Uri.EscapeDataString(prefix)}{offset}{page}";
            var answer = await ReadAsync("objects.list", $"gs://{bucket}/{prefix}", path, cancellationToken).ConfigureAwait(false);
            using var document = JsonDocument.Parse(answer);
            if (document.RootElement.TryGetProperty("items", out var items))
            {
                names.AddRange(items.EnumerateArray().Select(item => item.GetProperty("name").GetString()!));
            }

            page = document.RootElement.TryGetProperty("nextPageToken", out var next) ? $"&pageToken={Uri.EscapeDataString(next.GetString()!)}" : "";
        }
        while (page.Length > 0);
        return names;
    }

    /// <summary>Makes a bucket with uniform access unless there is one.</summary>
    /// <returns>Whether it was made.</returns>
    public async Task<bool> EnsureBucketAsync(string project, string bucket, string location, CancellationToken cancellationToken)
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
        try
        {
            await http.SendAsync(
                new HttpCall(
                    "buckets.insert",
                    $"gs://{bucket}",
                    Host,
                    HttpMethod.Post,
                    $"storage/v1/b?project={Uri.EscapeDataString(project)}",
                    () => new StringContent(body.ToJsonString(), MediaTypeHeaderValue.Parse("application/json"))),
                cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (GoogleCallException error) when (error.Status == StatusCode.AlreadyExists)
        {
            return false;
        }
    }

    /// <summary>Whether the bucket exists.</summary>
    public async Task<bool> BucketExistsAsync(string bucket, CancellationToken cancellationToken)
    {
        try
        {
            await http.SendAsync(new HttpCall("buckets.get", $"gs://{bucket}", Host, HttpMethod.Get, $"storage/v1/b/{Uri.EscapeDataString(bucket)}"), cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (GoogleCallException error) when (error.Status == StatusCode.NotFound)
        {
            return false;
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

    private static string BucketPath(string bucket) => $"storage/v1/b/{Uri.EscapeDataString(bucket)}";

    private Task InsertAsync(string bucket, string name, string condition, ReadOnlyMemory<byte> content, string contentType, CancellationToken cancellationToken) =>
        http.SendAsync(
            new HttpCall(
                "objects.insert",
                $"gs://{bucket}/{name}",
                Host,
                HttpMethod.Post,
                $"upload/storage/v1/b/{Uri.EscapeDataString(bucket)}/o?uploadType=media&name={Uri.EscapeDataString(name)}{condition}",
                () => new ReadOnlyMemoryContent(content) { Headers = { ContentType = MediaTypeHeaderValue.Parse(contentType) } }),
            cancellationToken);

    private async Task<byte[]> ReadAsync(string method, string resource, string path, CancellationToken cancellationToken) =>
        await http.ReadAsync(new HttpCall(method, resource, Host, HttpMethod.Get, path), Largest, cancellationToken).ConfigureAwait(false)
            ?? throw new GoogleCallException(method, resource, StatusCode.OutOfRange, $"It is longer than {Largest} bytes, and nothing that is kept here is.");
}
