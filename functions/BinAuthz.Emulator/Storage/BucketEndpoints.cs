using System.Text.Json;
using System.Text.Json.Nodes;
using BinAuthz.Emulator.Hosting;
using BinAuthz.Emulator.Iam;
using BinAuthz.Emulator.Iam.Enforcement;
using Google.Cloud.Iam.V1;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace BinAuthz.Emulator.Storage;

/// <summary>The methods of buckets, and what gcloud asks about them.</summary>
internal static class BucketEndpoints
{
    private static readonly JsonParser Lenient = new(JsonParser.Settings.Default.WithIgnoreUnknownFields(true));

    public static void MapBuckets(this IEndpointRouteBuilder routes)
    {
        var buckets = routes.MapGroup("/storage/v1/b");
        buckets.MapGet("", (HttpContext context, StorageCall call, BucketStore store) => call.RunAsync("storage.buckets.list", context, _ => Done(List(store, context.Request))));
        buckets.MapPost("", (HttpContext context, StorageCall call, BucketStore store) => call.RunAsync("storage.buckets.insert", context, async _ =>
            Json(BucketStore.Resource(store.Create(context.Request.Query["project"].ToString(), await BodyAsync(context).ConfigureAwait(false))))));
        buckets.MapGet("/{bucket}", (string bucket, HttpContext context, StorageCall call, BucketStore store) => call.RunAsync("storage.buckets.get", context, _ => Done(BucketStore.Resource(store.Get(bucket)))));
        buckets.MapPatch("/{bucket}", (string bucket, HttpContext context, StorageCall call, BucketStore store) => call.RunAsync("storage.buckets.patch", context, async _ =>
            Json(BucketStore.Resource(store.Patch(bucket, await BodyAsync(context).ConfigureAwait(false), Preconditions.Of(context.Request).MetagenerationMatch)))));
        buckets.MapPost("/{bucket}/lockRetentionPolicy", (string bucket, HttpContext context, StorageCall call, BucketStore store) => call.RunAsync("storage.buckets.lockRetentionPolicy", context, _ =>
            Done(BucketStore.Resource(store.LockRetention(bucket, Preconditions.Of(context.Request).MetagenerationMatch ?? throw new StorageException(400, "required", "Required parameter: ifMetagenerationMatch"))))));
        buckets.MapDelete("/{bucket}", (string bucket, HttpContext context, StorageCall call, ObjectStore store) => call.RunAsync("storage.buckets.delete", context, _ =>
        {
            store.DeleteBucket(bucket);
            return Task.FromResult(Results.NoContent());
        }));
        MapPolicies(buckets);
        MapLayout(buckets);
    }

    /// <summary>The JSON object in a body; an empty one when there is no body.</summary>
    public static async Task<JsonObject> BodyAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        return Parse(await reader.ReadToEndAsync(context.RequestAborted).ConfigureAwait(false));
    }

    public static JsonObject Parse(string text) => string.IsNullOrWhiteSpace(text) ? [] : JsonNode.Parse(text) as JsonObject ?? throw new JsonException("an object is expected.");

    public static IResult Json(JsonObject json) => Results.Text(json.ToJsonString(), "application/json; charset=UTF-8");

    public static Task<IResult> Done(JsonObject json) => Task.FromResult(Json(json));

    private static void MapPolicies(RouteGroupBuilder buckets)
    {
        buckets.MapGet("/{bucket}/iam", (string bucket, HttpContext context, StorageCall call, BucketStore store, IamPolicies policies) => call.RunAsync("storage.buckets.getIamPolicy", context, _ =>
            Done(PolicyResource(bucket, policies.Get(PolicyName(store, bucket))))));
        buckets.MapPut("/{bucket}/iam", (string bucket, HttpContext context, StorageCall call, BucketStore store, IamPolicies policies) => call.RunAsync("storage.buckets.setIamPolicy", context, async _ =>
        {
            var policy = Lenient.Parse<Policy>((await BodyAsync(context).ConfigureAwait(false)).ToJsonString());
            return Json(PolicyResource(bucket, policies.Set(PolicyName(store, bucket), policy)));
        }));
        buckets.MapGet("/{bucket}/iam/testPermissions", (string bucket, string[] permissions, HttpContext context, StorageCall call, BucketStore store, Authorizer authorizer) => call.RunAsync("storage.buckets.testIamPermissions", context, _ =>
        {
            store.Get(bucket);
            return Done(new JsonObject { ["kind"] = "storage#testIamPermissionsResponse", ["permissions"] = new JsonArray([.. authorizer.Held(Principal.Of(context.Request), $"projects/_/buckets/{bucket}", permissions).Select(permission => (JsonNode)permission)]) });
        }));
    }

    // Buckets here have no folders of their own; gcloud asks before it works recursively.
    private static void MapLayout(RouteGroupBuilder buckets)
    {
        buckets.MapGet("/{bucket}/storageLayout", (string bucket, HttpContext context, StorageCall call, BucketStore store) => call.RunAsync("storage.buckets.getStorageLayout", context, _ =>
        {
            var location = (string)BucketStore.Resource(store.Get(bucket))["location"]!;
            return Done(new JsonObject
            {
                ["kind"] = "storage#storageLayout",
                ["bucket"] = bucket,
                ["location"] = location,
                ["locationType"] = BucketStore.LocationType(location),
                ["hierarchicalNamespace"] = new JsonObject { ["enabled"] = false },
            });
        }));
        buckets.MapGet("/{bucket}/managedFolders", (string bucket, HttpContext context, StorageCall call, BucketStore store) => call.RunAsync("storage.managedFolders.list", context, _ => Empty(store, bucket, "storage#managedFolders")));
        buckets.MapGet("/{bucket}/folders", (string bucket, HttpContext context, StorageCall call, BucketStore store) => call.RunAsync("storage.folders.list", context, _ => Empty(store, bucket, "storage#folders")));
    }

    private static Task<IResult> Empty(BucketStore store, string bucket, string kind)
    {
        store.Get(bucket);
        return Done(new JsonObject { ["kind"] = kind });
    }

    private static JsonObject List(BucketStore store, HttpRequest request)
    {
        var prefix = request.Query["prefix"].ToString();
        var json = new JsonObject { ["kind"] = "storage#buckets" };
        var items = store.List(request.Query["project"].ToString()).Where(bucket => bucket.Name.StartsWith(prefix, StringComparison.Ordinal)).Select(bucket => (JsonNode)BucketStore.Resource(bucket)).ToArray();
        if (items.Length > 0)
        {
            json["items"] = new JsonArray(items);
        }

        return json;
    }

    private static string PolicyName(BucketStore store, string bucket) => $"projects/_/buckets/{store.Get(bucket).Name}";

    private static JsonObject PolicyResource(string bucket, Policy policy)
    {
        var json = JsonNode.Parse(JsonFormatter.Default.Format(policy))!.AsObject();
        json["kind"] = "storage#policy";
        json["resourceId"] = $"projects/_/buckets/{bucket}";
        return json;
    }
}
