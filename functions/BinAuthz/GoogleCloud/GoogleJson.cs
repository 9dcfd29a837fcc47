using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Grpc.Core;

namespace BinAuthz.GoogleCloud;

/// <summary>What is common to the APIs that are spoken as JSON over plain HTTP. Members that are missing or of another type read as empty.</summary>
internal static class GoogleJson
{
    private const int Largest = 8 * 1024 * 1024;

    /// <summary>Makes a call whose answer is a JSON object.</summary>
    /// <exception cref="GoogleCallException">It was refused or not answered; INTERNAL: the answer is no JSON object.</exception>
    public static async Task<JsonObject> CallAsync(this GoogleHttp http, HttpCall call, CancellationToken cancellationToken)
    {
        var answer = await http.ReadWholeAsync(call, Largest, cancellationToken).ConfigureAwait(false);
        try
        {
            return JsonNode.Parse(answer) as JsonObject ?? throw new GoogleCallException(call.Method, call.Resource, StatusCode.Internal, "The answer is no JSON object.");
        }
        catch (JsonException error)
        {
            throw new GoogleCallException(call.Method, call.Resource, StatusCode.Internal, $"The answer is no JSON: {error.Message}", error);
        }
    }

    /// <summary>A name as part of a path: what separates its segments stays.</summary>
    public static string Path(string name) => string.Join('/', name.Split('/').Select(Uri.EscapeDataString));

    /// <summary>A body.</summary>
    public static StringContent Body(JsonObject json) => new(json.ToJsonString(), MediaTypeHeaderValue.Parse("application/json"));

    /// <summary>The objects of a list.</summary>
    public static IEnumerable<JsonObject> Items(JsonNode? list) => list is JsonArray items ? items.OfType<JsonObject>() : [];

    /// <summary>The texts of a list that are not empty.</summary>
    public static IEnumerable<string> Texts(JsonNode? list) => list is JsonArray items ? items.Select(Text).Where(text => text.Length > 0) : [];

    /// <summary>A text.</summary>
    public static string Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : "";

    /// <summary>Whether a switch is on.</summary>
    public static bool IsTrue(JsonNode? node) => node is JsonValue value && value.TryGetValue<bool>(out var on) && on;

    /// <summary>A list of texts.</summary>
    public static JsonArray List(IEnumerable<string> texts) => new([.. texts.Select(text => JsonValue.Create(text))]);
}
