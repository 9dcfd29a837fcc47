using System.Text;
using System.Text.Json.Nodes;
using BinAuthz.Emulator.State;
using Microsoft.AspNetCore.Http;

namespace BinAuthz.Emulator.Storage;

/// <summary>Lists a bucket as folders: what has the delimiter after the prefix is shown once, as a prefix.</summary>
internal static class ObjectListing
{
    private const int MaxResults = 1000;

    public static JsonObject List(IReadOnlyList<StoredObject> objects, Func<StoredObject, JsonObject> show, HttpRequest request)
    {
        RefuseUnknown(request);
        var prefix = request.Query["prefix"].ToString();
        var delimiter = request.Query["delimiter"].ToString();
        var after = Token(request.Query["pageToken"].ToString());
        var limit = (int)Math.Clamp(Preconditions.Number(request, "maxResults") ?? MaxResults, 1, MaxResults);
        var (items, prefixes) = (new JsonArray(), new JsonArray());
        string? last = null;
        var isCut = false;
        foreach (var stored in objects.Where(stored => stored.Name.StartsWith(prefix, StringComparison.Ordinal) && IsInRange(stored.Name, request)))
        {
            var folder = Folder(stored.Name, prefix, delimiter);
            var shown = folder ?? stored.Name;
            if (shown == last || string.CompareOrdinal(shown, after) <= 0)
            {
                continue;
            }

            if (items.Count + prefixes.Count == limit)
            {
                isCut = true;
                break;
            }

            last = shown;
            (folder is null ? items : prefixes).Add(folder is null ? show(stored) : (JsonNode)folder);
        }

        return Answer(items, prefixes, isCut ? last : null);
    }

    private static JsonObject Answer(JsonArray items, JsonArray prefixes, string? last)
    {
        var json = new JsonObject { ["kind"] = "storage#objects" };
        if (last is not null)
        {
            json["nextPageToken"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(last));
        }

        if (prefixes.Count > 0)
        {
            json["prefixes"] = prefixes;
        }

        if (items.Count > 0)
        {
            json["items"] = items;
        }

        return json;
    }

    private static string? Folder(string name, string prefix, string delimiter)
    {
        var end = delimiter.Length == 0 ? -1 : name.IndexOf(delimiter, prefix.Length, StringComparison.Ordinal);
        return end < 0 ? null : name[..(end + delimiter.Length)];
    }

    private static bool IsInRange(string name, HttpRequest request)
    {
        var (start, end) = (request.Query["startOffset"].ToString(), request.Query["endOffset"].ToString());
        return string.CompareOrdinal(name, start) >= 0 && (end.Length == 0 || string.CompareOrdinal(name, end) < 0);
    }

    private static string Token(string token)
    {
        try
        {
            return Encoding.UTF8.GetString(Convert.FromBase64String(token));
        }
        catch (FormatException)
        {
            throw StorageException.Invalid("pageToken is not one that this method returned.");
        }
    }

    private static void RefuseUnknown(HttpRequest request)
    {
        if (request.Query.ContainsKey("matchGlob") || request.Query["softDeleted"].ToString() is "True" or "true")
        {
            throw StorageException.NotImplemented("The emulator lists by prefix, delimiter and offsets; it knows neither matchGlob nor softDeleted.");
        }
    }
}
