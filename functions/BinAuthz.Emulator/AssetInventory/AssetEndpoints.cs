using System.Globalization;
using System.Text.Json.Nodes;
using BinAuthz.Emulator.Hosting;
using BinAuthz.Emulator.State;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace BinAuthz.Emulator.AssetInventory;

/// <summary>Lists assets over REST (cloudasset.googleapis.com v1, assets.list).</summary>
internal static class AssetEndpoints
{
    private const int DefaultPageSize = 100;
    private const int LargestPageSize = 1000;

    public static void MapAssets(this IEndpointRouteBuilder routes) => routes.MapGet(
        "/v1/{collection:regex(^(projects|folders|organizations)$)}/{id}/assets",
        (string collection, string id, HttpContext context, AssetCall call, PodAssets pods, TimeProvider time) =>
            call.RunAsync($"{collection}/{id}", context, () => List(collection, id, context.Request.Query, pods, time.GetUtcNow())));

    private static JsonObject List(string collection, string id, IQueryCollection query, PodAssets pods, DateTimeOffset now)
    {
        if (collection != "projects")
        {
            throw Errors.Unimplemented($"parent '{collection}/{id}' is not emulated; projects are.");
        }

        CheckTypes(query["assetTypes"].ToArray());
        var withResource = Content(query["contentType"].ToString());
        if (query.ContainsKey("readTime"))
        {
            throw Errors.Unimplemented("read_time is not emulated; assets are listed as they are now.");
        }

        var (after, length) = (Cursor.Read(query["pageToken"].ToString()), Length(query["pageSize"].ToString()));
        var found = pods.Of(id).Where(pod => string.CompareOrdinal(pod.Name, after) > 0).Take(length + 1).ToArray();
        var page = Cursor.Page(found, length, pod => pod.Name);
        var answer = new JsonObject { ["readTime"] = now.UtcDateTime.ToString("O", CultureInfo.InvariantCulture) };
        if (page.Items.Count > 0)
        {
            answer["assets"] = new JsonArray([.. page.Items.Select(pod => pod.ToJson(withResource))]);
        }

        if (page.NextToken.Length > 0)
        {
            answer["nextPageToken"] = page.NextToken;
        }

        return answer;
    }

    private static void CheckTypes(string?[] types)
    {
        if (types.Length == 0 || types.FirstOrDefault(type => type != PodAssets.Type) is not null)
        {
            throw Errors.Unimplemented($"asset_types '{string.Join(", ", types)}' are not emulated; {PodAssets.Type} is.");
        }
    }

    private static bool Content(string type) => type switch
    {
        "RESOURCE" => true,
        "" or "CONTENT_TYPE_UNSPECIFIED" => false,
        _ => throw Errors.Unimplemented($"content_type '{type}' is not emulated; RESOURCE is."),
    };

    private static int Length(string size) => size.Length == 0
        ? DefaultPageSize
        : int.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out var asked)
            ? asked == 0 ? DefaultPageSize : Math.Min(asked, LargestPageSize)
            : throw Errors.Invalid($"page_size is '{size}'; it must be a number that is not negative.");
}
