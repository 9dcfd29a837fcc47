using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Grpc.Core;

namespace BinAuthz.GoogleCloud;

/// <summary>Cloud Storage, by its JSON API. Writing the same object again is harmless.</summary>
internal sealed class StorageClient(GoogleHttp http)
{
    private const string Host = "storage.googleapis.com";

    /// <summary>Stores an object, over an older one of that name.</summary>
    /// <exception cref="GoogleCallException">NOT_FOUND: there is no such bucket.</exception>
    public Task StoreAsync(string bucket, string name, ReadOnlyMemory<byte> content, string contentType, CancellationToken cancellationToken) =>
        http.SendAsync(
            new HttpCall(
                "objects.insert",
                $"gs://{bucket}/{name}",
                Host,
                HttpMethod.Post,
                $"upload/storage/v1/b/{Uri.EscapeDataString(bucket)}/o?uploadType=media&name={Uri.EscapeDataString(name)}",
                () => new ReadOnlyMemoryContent(content) { Headers = { ContentType = MediaTypeHeaderValue.Parse(contentType) } }),
            cancellationToken);

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
}
