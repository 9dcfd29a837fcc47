using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace BinAuthz.Emulator.Storage;

/// <summary>Uploads in one request (media, multipart) and in several (resumable).</summary>
internal static class UploadEndpoints
{
    private const string Collection = "/upload/storage/v1/b/{bucket}/o";

    // Cloud Storage's "go on"; HTTP says Permanent Redirect.
    private const int ResumeIncomplete = 308;
    private const int ClientClosed = 499;

    public static void MapUploads(this IEndpointRouteBuilder routes)
    {
        // gcloud puts one more segment in front of resumable uploads.
        foreach (var path in new[] { Collection, "/resumable" + Collection })
        {
            routes.MapPost(path, (string bucket, HttpContext context, StorageCall call, ObjectStore store, UploadSessions sessions) =>
                call.RunAsync("storage.objects.insert", context, _ => InsertAsync(bucket, context, store, sessions)));
            routes.MapPut(path, (HttpContext context, StorageCall call, ObjectStore store, UploadSessions sessions) =>
                call.RunAsync("storage.objects.insert", context, _ => ResumeAsync(context, store, sessions)));
            routes.MapDelete(path, (HttpContext context, StorageCall call, UploadSessions sessions) => call.RunAsync("storage.objects.cancelUpload", context, _ =>
            {
                sessions.Cancel(context.Request.Query["upload_id"].ToString());
                return Task.FromResult(Results.StatusCode(ClientClosed));
            }));
        }
    }

    private static Task<IResult> InsertAsync(string bucket, HttpContext context, ObjectStore store, UploadSessions sessions) => context.Request.Query["uploadType"].ToString() switch
    {
        "media" => MediaAsync(bucket, context, store),
        "multipart" => MultipartAsync(bucket, context, store),
        "resumable" => StartAsync(bucket, context, sessions),
        var other => throw StorageException.Invalid($"uploadType is media, multipart or resumable, not \"{other}\"."),
    };

    private static async Task<IResult> MediaAsync(string bucket, HttpContext context, ObjectStore store)
    {
        var metadata = new JsonObject { ["contentType"] = context.Request.ContentType ?? ObjectResource.DefaultContentType };
        return Insert(bucket, metadata, await BytesAsync(context).ConfigureAwait(false), context, store);
    }

    private static async Task<IResult> MultipartAsync(string bucket, HttpContext context, ObjectStore store)
    {
        var (text, contentType, content) = MultipartBody.Read(context.Request.ContentType ?? "", await BytesAsync(context).ConfigureAwait(false));
        var metadata = BucketEndpoints.Parse(text);
        metadata["contentType"] ??= contentType;
        return Insert(bucket, metadata, content, context, store);
    }

    private static IResult Insert(string bucket, JsonObject metadata, byte[] content, HttpContext context, ObjectStore store)
    {
        var stored = store.Insert(bucket, Name(metadata, context.Request), metadata, content, Preconditions.Of(context.Request));
        return BucketEndpoints.Json(store.Show(stored, context.Request));
    }

    private static async Task<IResult> StartAsync(string bucket, HttpContext context, UploadSessions sessions)
    {
        var metadata = await BucketEndpoints.BodyAsync(context).ConfigureAwait(false);
        if (context.Request.Headers["X-Upload-Content-Type"].ToString() is { Length: > 0 } type)
        {
            metadata["contentType"] ??= type;
        }

        var id = sessions.Start(new UploadSession(bucket, Name(metadata, context.Request), metadata, Preconditions.Of(context.Request)));
        context.Response.Headers.Location = $"{context.Request.Scheme}://{context.Request.Host}/upload/storage/v1/b/{bucket}/o?uploadType=resumable&upload_id={id}";
        context.Response.Headers["X-GUploader-UploadID"] = id;
        return Results.Ok();
    }

    private static async Task<IResult> ResumeAsync(HttpContext context, ObjectStore store, UploadSessions sessions)
    {
        var session = sessions.Get(context.Request.Query["upload_id"].ToString());
        await session.Turn.WaitAsync(context.RequestAborted).ConfigureAwait(false);
        try
        {
            if (session.Finished is not null)
            {
                return BucketEndpoints.Json(session.Finished);
            }

            var content = await BytesAsync(context).ConfigureAwait(false);
            if (!Append(session, content, context.Request))
            {
                return Incomplete(session, context.Response);
            }

            var stored = store.Insert(session.Bucket, session.Name, session.Metadata, session.Received.ToArray(), session.Preconditions);
            session.Received.SetLength(0);
            session.Finished = store.Show(stored, context.Request);
            return BucketEndpoints.Json(session.Finished);
        }
        finally
        {
            session.Turn.Release();
        }
    }

    /// <returns>Whether everything has come.</returns>
    private static bool Append(UploadSession session, byte[] content, HttpRequest request)
    {
        var header = request.Headers.ContentRange.ToString();
        if (header.Length == 0)
        {
            session.Received.SetLength(0);
            session.Received.Write(content);
            return true;
        }

        if (!ContentRangeHeaderValue.TryParse(header, out var range) || (range.HasRange && range.To - range.From + 1 != content.Length))
        {
            throw StorageException.Invalid($"Content-Range \"{header}\" does not fit the body of {content.Length} bytes.");
        }

        if (range.HasRange && range.From > session.Received.Length)
        {
            return false;
        }

        if (range.HasRange)
        {
            // What was sent before may come again.
            session.Received.SetLength(range.From!.Value);
            session.Received.Position = range.From.Value;
            session.Received.Write(content);
        }

        return range.HasLength && session.Received.Length == range.Length;
    }

    private static IResult Incomplete(UploadSession session, HttpResponse response)
    {
        if (session.Received.Length > 0)
        {
            response.Headers.Range = $"bytes=0-{session.Received.Length - 1}";
        }

        return Results.StatusCode(ResumeIncomplete);
    }

    private static async Task<byte[]> BytesAsync(HttpContext context)
    {
        using var buffer = new MemoryStream();
        await context.Request.Body.CopyToAsync(buffer, context.RequestAborted).ConfigureAwait(false);
        return buffer.ToArray();
    }

    private static string Name(JsonObject metadata, HttpRequest request) =>
        request.Query["name"].ToString() is { Length: > 0 } name ? name : (string?)metadata["name"] ?? throw new StorageException(400, "required", "Required parameter: name");
}
