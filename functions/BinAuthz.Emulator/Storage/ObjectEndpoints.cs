using System.Globalization;
using System.Text.Json.Nodes;
using BinAuthz.Emulator.State;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace BinAuthz.Emulator.Storage;

/// <summary>The methods of objects, except uploads.</summary>
internal static class ObjectEndpoints
{
    private const string Collection = "/storage/v1/b/{bucket}/o";
    private const string Item = Collection + "/{**name}";

    public static void MapObjects(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(Collection, (string bucket, HttpContext context, StorageCall call, ObjectStore store) => call.RunAsync("storage.objects.list", context, _ =>
            BucketEndpoints.Done(ObjectListing.List(store.List(bucket), stored => store.Show(stored, context.Request), context.Request))));
        routes.MapGet(Item, (HttpContext context, StorageCall call, ObjectStore store) => call.RunAsync("storage.objects.get", context, _ =>
            Task.FromResult(Get(store, context, isMedia: context.Request.Query["alt"] == "media"))));
        routes.MapGet("/download" + Item, (HttpContext context, StorageCall call, ObjectStore store) => call.RunAsync("storage.objects.get", context, _ => Task.FromResult(Get(store, context, isMedia: true))));
        routes.MapPatch(Item, (HttpContext context, StorageCall call, ObjectStore store) => call.RunAsync("storage.objects.patch", context, _ => PatchAsync(store, context)));
        routes.MapPut(Item, (HttpContext context, StorageCall call, ObjectStore store) => call.RunAsync("storage.objects.update", context, _ => PatchAsync(store, context)));
        routes.MapDelete(Item, (HttpContext context, StorageCall call, ObjectStore store) => call.RunAsync("storage.objects.delete", context, _ => Task.FromResult(Delete(store, context))));
        routes.MapPost(Item, (HttpContext context, StorageCall call, ObjectStore store) => call.RunAsync("storage.objects.rewrite", context, _ => CopyAsync(store, context)));
    }

    private static IResult Get(ObjectStore store, HttpContext context, bool isMedia)
    {
        var address = StorageAddress.Of(context);
        var stored = store.Get(address.Bucket, address.Object, Preconditions.Number(context.Request, "generation"));
        var preconditions = Preconditions.Of(context.Request);
        if (preconditions.GenerationNotMatch == stored.Generation || preconditions.MetagenerationNotMatch == stored.Metageneration)
        {
            return Results.StatusCode(StatusCodes.Status304NotModified);
        }

        preconditions.Check(stored);
        return isMedia ? Content(store, stored, context.Response) : BucketEndpoints.Json(store.Show(stored, context.Request));
    }

    private static IResult Content(ObjectStore store, StoredObject stored, HttpResponse response)
    {
        var json = JsonNode.Parse(stored.Json)!;
        response.Headers["X-Goog-Hash"] = $"crc32c={stored.Crc32C.ToBase64()},md5={stored.Md5.ToBase64()}";
        response.Headers["X-Goog-Generation"] = stored.Generation.ToString(CultureInfo.InvariantCulture);
        response.Headers["X-Goog-Metageneration"] = stored.Metageneration.ToString(CultureInfo.InvariantCulture);
        response.Headers["X-Goog-Stored-Content-Length"] = stored.Size.ToString(CultureInfo.InvariantCulture);
        response.Headers["X-Goog-Stored-Content-Encoding"] = (string?)json["contentEncoding"] ?? "identity";
        response.Headers.ETag = ObjectResource.Tag(stored.Generation + stored.Metageneration);
        return Results.Stream(store.Open(stored), (string?)json["contentType"] ?? ObjectResource.DefaultContentType, enableRangeProcessing: true);
    }

    private static async Task<IResult> PatchAsync(ObjectStore store, HttpContext context)
    {
        var address = StorageAddress.Of(context);
        var changes = await BucketEndpoints.BodyAsync(context).ConfigureAwait(false);
        return BucketEndpoints.Json(store.Show(store.Patch(address.Bucket, address.Object, changes, Preconditions.Of(context.Request)), context.Request));
    }

    private static IResult Delete(ObjectStore store, HttpContext context)
    {
        var address = StorageAddress.Of(context);
        store.Delete(address.Bucket, address.Object, Preconditions.Number(context.Request, "generation"), Preconditions.Of(context.Request));
        return Results.NoContent();
    }

    private static async Task<IResult> CopyAsync(ObjectStore store, HttpContext context)
    {
        var address = StorageAddress.Of(context);
        if (address.Verb is not ("rewriteTo" or "copyTo"))
        {
            throw StorageException.NotImplemented("The emulator copies objects with rewriteTo and copyTo; it does not compose them.");
        }

        var source = store.Get(address.Bucket, address.Object, Preconditions.Number(context.Request, "sourceGeneration"));
        Preconditions.Of(context.Request, "ifSource").Check(source);
        var metadata = await BucketEndpoints.BodyAsync(context).ConfigureAwait(false);
        metadata = metadata.Count > 0 ? metadata : JsonNode.Parse(source.Json)!.AsObject();
        var content = new byte[source.Size];
        await using (var stream = store.Open(source))
        {
            await stream.ReadExactlyAsync(content, context.RequestAborted).ConfigureAwait(false);
        }

        var copy = store.Show(store.Insert(address.TargetBucket, address.TargetObject, metadata, content, Preconditions.Of(context.Request)), context.Request);
        return BucketEndpoints.Json(address.Verb == "copyTo" ? copy : new JsonObject
        {
            ["kind"] = "storage#rewriteResponse",
            ["totalBytesRewritten"] = copy["size"]!.DeepClone(),
            ["objectSize"] = copy["size"]!.DeepClone(),
            ["done"] = true,
            ["resource"] = copy,
        });
    }
}
