using System.Buffers.Binary;
using System.Globalization;
using System.Text.Json.Nodes;
using BinAuthz.Emulator.State;
using Google.Protobuf.WellKnownTypes;
using Microsoft.AspNetCore.Http;

namespace BinAuthz.Emulator.Storage;

/// <summary>An object as the API shows it.</summary>
internal static class ObjectResource
{
    public const string DefaultContentType = "application/octet-stream";

    private static readonly string[] Computed =
    [
        "kind", "id", "name", "bucket", "selfLink", "mediaLink", "generation", "metageneration", "size", "md5Hash", "crc32c", "etag",
        "timeCreated", "updated", "timeStorageClassUpdated", "timeFinalized", "retentionExpirationTime",
    ];

    /// <summary>An object of a bucket that has it kept until <paramref name="retained"/>; null: it may go at any time.</summary>
    public static JsonObject Of(StoredObject stored, HttpRequest request, DateTimeOffset? retained)
    {
        var json = Of(stored, request);
        if (retained is { } until)
        {
            json["retentionExpirationTime"] = Time(Timestamp.FromDateTimeOffset(until));
        }

        return json;
    }

    /// <summary>Links are built from the request's host, because clients follow them as they are.</summary>
    private static JsonObject Of(StoredObject stored, HttpRequest request)
    {
        var json = JsonNode.Parse(stored.Json)!.AsObject();
        var generation = Number(stored.Generation);
        var path = $"{stored.Bucket}/o/{Uri.EscapeDataString(stored.Name)}";
        json["kind"] = "storage#object";
        json["id"] = $"{stored.Bucket}/{stored.Name}/{generation}";
        json["selfLink"] = $"{request.Scheme}://{request.Host}/storage/v1/b/{path}";
        json["mediaLink"] = $"{request.Scheme}://{request.Host}/download/storage/v1/b/{path}?generation={generation}&alt=media";
        json["name"] = stored.Name;
        json["bucket"] = stored.Bucket;
        json["generation"] = generation;
        json["metageneration"] = Number(stored.Metageneration);
        json["contentType"] ??= DefaultContentType;
        json["storageClass"] ??= "STANDARD";
        json["size"] = Number(stored.Size);
        json["md5Hash"] = stored.Md5.ToBase64();
        json["crc32c"] = stored.Crc32C.ToBase64();
        json["etag"] = Tag(stored.Generation + stored.Metageneration);
        json["timeCreated"] = Time(stored.Created);
        json["updated"] = Time(stored.Updated);
        json["timeStorageClassUpdated"] = Time(stored.Created);
        return json;
    }

    /// <summary>The fields of <paramref name="wanted"/> that a client may set.</summary>
    public static JsonObject Settable(JsonObject wanted)
    {
        var settable = wanted.DeepClone().AsObject();
        foreach (var name in Computed)
        {
            settable.Remove(name);
        }

        return settable;
    }

    public static string Time(Timestamp time) => time.ToDateTimeOffset().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    public static string Tag(long version)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, version);
        return Convert.ToBase64String(bytes);
    }

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
