using System.Text.Json;
using System.Text.Json.Nodes;
using BinAuthz.Approval.Pushes;
using BinAuthz.Attestations;
using BinAuthz.GoogleCloud;
using Google.Protobuf;
using Authz = Google.Cloud.BinaryAuthorization.V1;
using Ca = Grafeas.V1;

namespace BinAuthz.Cli.Approval;

/// <summary>Files of evidence in the JSON that Google's REST APIs and gcloud print; members that the contracts do not know are passed over.</summary>
internal static class EvidenceFiles
{
    private static readonly string[] BytesMembers = ["payload", "sig", "serializedPayload", "signature"];

    private static readonly JsonParser Parser = new(JsonParser.Settings.Default.WithIgnoreUnknownFields(true));

    /// <summary>The occurrences of a file: one object, a list, or an answer with <c>occurrences</c>.</summary>
    /// <exception cref="ConfigurationException">The file cannot be read, or holds no occurrences.</exception>
    public static IReadOnlyList<Ca.Occurrence> Occurrences(string file)
    {
        var items = Json(file) switch
        {
            JsonArray list => list,
            JsonObject answer when answer["occurrences"] is JsonArray list => list,
            var single => new JsonArray(single.DeepClone()),
        };
        StandardBase64(items);
        Ca.Occurrence[] occurrences = [.. items.Select(item => Message<Ca.Occurrence>(file, item))];
        return Array.TrueForAll(occurrences, occurrence => occurrence.ResourceUri.Length > 0)
            ? occurrences
            : throw Wrong(file, "it holds an entry without resourceUri, which is no occurrence", "Save what the API's projects.occurrences.list or get answers.");
    }

    /// <summary>The attestor of a file.</summary>
    /// <exception cref="ConfigurationException">The file cannot be read, or holds no attestor.</exception>
    public static Attestor Attestor(string file) => Attestor(file, Json(file));

    /// <summary>The attestors of a file: one object, a list, or an answer with <c>attestors</c>.</summary>
    /// <exception cref="ConfigurationException">The file cannot be read, or holds no attestors.</exception>
    public static IReadOnlyList<Attestor> Attestors(string file)
    {
        var items = Json(file) switch
        {
            JsonArray list => list,
            JsonObject answer when answer["attestors"] is JsonArray list => list,
            var single => new JsonArray(single.DeepClone()),
        };
        return [.. items.Select(item => Attestor(file, item))];
    }

    /// <summary>The push of a file with its audit entry.</summary>
    /// <exception cref="ConfigurationException">The file cannot be read, or holds no such entry.</exception>
    public static PushRecord Push(string file) =>
        PushLogEntry.TryRead(JsonSerializer.SerializeToElement(Json(file)), out var push)
            ? push
            : throw Wrong(file, "it holds no audit entry of a Docker-PutManifest that succeeded", "Save the log entry as `gcloud logging read --format=json` prints it, one to a file.");

    /// <summary>The text of a file.</summary>
    /// <exception cref="ConfigurationException">The file cannot be read.</exception>
    public static string Text(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Wrong(file, $"it cannot be read: {error.Message}", "Name a file that can be read; in a file of cases, paths are relative to it.");
        }
    }

    // gcloud prints bytes in the alphabet for URLs, the API in the standard one.
    private static void StandardBase64(JsonNode? node)
    {
        switch (node)
        {
            case JsonArray list:
                list.ToList().ForEach(StandardBase64);
                break;
            case JsonObject members:
                foreach (var (name, value) in members.ToArray())
                {
                    if (BytesMembers.Contains(name) && value is JsonValue text && text.TryGetValue<string>(out var written))
                    {
                        members[name] = written.Replace('-', '+').Replace('_', '/');
                    }
                    else
                    {
                        StandardBase64(value);
                    }
                }

                break;
        }
    }

    /// <summary>A file that cannot be used.</summary>
    public static ConfigurationException Wrong(string file, string rule, string remedy) => new([$"{file}: {rule}. {remedy}"]);

    private static Attestor Attestor(string file, JsonNode? item)
    {
        try
        {
            return BinaryAuthorizationClient.Read(Message<Authz.Attestor>(file, item));
        }
        catch (FormatException error)
        {
            throw Wrong(file, error.Message, "Save what `gcloud container binauthz attestors describe --format=json` prints.");
        }
    }

    private static JsonNode Json(string file)
    {
        try
        {
            return JsonNode.Parse(Text(file)) ?? throw Wrong(file, "it holds null", "Save the JSON that the API answers.");
        }
        catch (JsonException error)
        {
            throw Wrong(file, $"it is not JSON: {error.Message}", "Save the JSON that the API answers.");
        }
    }

    private static T Message<T>(string file, JsonNode? item)
        where T : IMessage<T>, new()
    {
        try
        {
            return Parser.Parse<T>(item?.ToJsonString() ?? "null");
        }
        catch (Exception error) when (error is InvalidProtocolBufferException or InvalidJsonException or InvalidOperationException or FormatException)
        {
            throw Wrong(file, $"it holds no {typeof(T).Name.ToLowerInvariant()}: {error.Message}", "Save the JSON that the API answers.");
        }
    }
}
