using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Grpc.Core;

namespace BinAuthz.GoogleCloud;

/// <summary>Cloud Storage, by its JSON API. Calls are retried twice when the service is not available; writing the same object again is harmless.</summary>
internal sealed class StorageClient(HttpClient http, BinAuthzOptions options, GoogleTokens tokens, TimeProvider time) : IDisposable
{
    private const int Attempts = 3;

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
        SendAsync("objects.get", $"gs://{bucket}/{name}", () => new HttpRequestMessage(
            HttpMethod.Get, Address($"storage/v1/b/{Uri.EscapeDataString(bucket)}/o/{Uri.EscapeDataString(name)}?alt=media")), cancellationToken);

    /// <summary>The names of all objects that begin with <paramref name="prefix"/>.</summary>
    /// <exception cref="GoogleCallException">NOT_FOUND: there is no such bucket.</exception>
    public async Task<IReadOnlyList<string>> ListAsync(string bucket, string prefix, CancellationToken cancellationToken)
    {
        var names = new List<string>();
        var page = "";
        do
        {
            var address = Address($"storage/v1/b/{Uri.EscapeDataString(bucket)}/o?prefix={Uri.EscapeDataString(prefix)}{page}");
            var answer = await SendAsync("objects.list", $"gs://{bucket}/{prefix}", () => new HttpRequestMessage(HttpMethod.Get, address), cancellationToken).ConfigureAwait(false);
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
            await SendAsync("buckets.insert", $"gs://{bucket}", () => new HttpRequestMessage(HttpMethod.Post, Address($"storage/v1/b?project={Uri.EscapeDataString(project)}"))
            {
                Content = new StringContent(body.ToJsonString(), MediaTypeHeaderValue.Parse("application/json")),
            }, cancellationToken).ConfigureAwait(false);
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
            await SendAsync("buckets.get", $"gs://{bucket}", () => new HttpRequestMessage(HttpMethod.Get, Address($"storage/v1/b/{Uri.EscapeDataString(bucket)}")), cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (GoogleCallException error) when (error.Status == StatusCode.NotFound)
        {
            return false;
        }
    }

    public void Dispose() => http.Dispose();

    private Task<byte[]> InsertAsync(string bucket, string name, string condition, ReadOnlyMemory<byte> content, string contentType, CancellationToken cancellationToken) =>
        SendAsync("objects.insert", $"gs://{bucket}/{name}", () => new HttpRequestMessage(
            HttpMethod.Post, Address($"upload/storage/v1/b/{Uri.EscapeDataString(bucket)}/o?uploadType=media&name={Uri.EscapeDataString(name)}{condition}"))
        {
            Content = new ReadOnlyMemoryContent(content) { Headers = { ContentType = MediaTypeHeaderValue.Parse(contentType) } },
        }, cancellationToken);

    private async Task<byte[]> SendAsync(string method, string resource, Func<HttpRequestMessage> make, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await SendOnceAsync(method, resource, make, cancellationToken).ConfigureAwait(false);
            }
            catch (GoogleCallException error) when (error.IsTransient && attempt < Attempts)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(200 * attempt), time, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async Task<byte[]> SendOnceAsync(string method, string resource, Func<HttpRequestMessage> make, CancellationToken cancellationToken)
    {
        using var request = make();
        try
        {
            if (options.Endpoint is null)
            {
                foreach (var (name, value) in await tokens.HeadersAsync("https://storage.googleapis.com/", cancellationToken).ConfigureAwait(false))
                {
                    request.Headers.TryAddWithoutValidation(name, value);
                }
            }

            using var response = await http.SendAsync(request, cancellationToken).ConfigureAwait(false);
            if (!response.IsSuccessStatusCode)
            {
                throw new GoogleCallException(method, resource, StatusOf(response.StatusCode), await response.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false));
            }

            return await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (HttpRequestException error)
        {
            throw new GoogleCallException(method, resource, StatusCode.Unavailable, error.Message, error);
        }
        catch (TaskCanceledException error) when (!cancellationToken.IsCancellationRequested)
        {
            throw new GoogleCallException(method, resource, StatusCode.DeadlineExceeded, $"No answer within {http.Timeout.TotalSeconds} s.", error);
        }
    }

    private Uri Address(string path) => new(options.Endpoint ?? new Uri("https://storage.googleapis.com"), path);

    private static StatusCode StatusOf(HttpStatusCode code) => code switch
    {
        HttpStatusCode.BadRequest => StatusCode.InvalidArgument,
        HttpStatusCode.Unauthorized => StatusCode.Unauthenticated,
        HttpStatusCode.Forbidden => StatusCode.PermissionDenied,
        HttpStatusCode.NotFound => StatusCode.NotFound,
        HttpStatusCode.Conflict => StatusCode.AlreadyExists,
        HttpStatusCode.PreconditionFailed => StatusCode.FailedPrecondition,
        HttpStatusCode.TooManyRequests => StatusCode.ResourceExhausted,
        >= HttpStatusCode.InternalServerError => StatusCode.Unavailable,
        _ => StatusCode.Unknown,
    };
}
