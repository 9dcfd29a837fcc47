using System.Text.Json.Nodes;
using Google.Protobuf;
using Authz = Google.Cloud.BinaryAuthorization.V1;

namespace BinAuthz.Admission;

/// <summary>A policy as <c>gcloud container binauthz policy export</c> writes it, YAML or JSON.</summary>
internal static class PolicyFile
{
    /// <summary>Reads the document.</summary>
    /// <exception cref="ConfigurationException">It is no policy.</exception>
    public static Authz.Policy Parse(string text, string file)
    {
        try
        {
            return ManifestLoader.Load(text) is [ManifestNode.Mapping policy]
                ? JsonParser.Default.Parse<Authz.Policy>(ToJson(policy)!.ToJsonString())
                : throw Wrong(file, "it is not one document with keys");
        }
        catch (ManifestException error)
        {
            throw Wrong($"{file}:{error.Line}:{error.Column}", error.Message);
        }
        catch (Exception error) when (error is InvalidProtocolBufferException or InvalidJsonException)
        {
            throw Wrong(file, error.Message);
        }
    }

    // A policy holds texts only, so that every single value is one.
    private static JsonNode? ToJson(ManifestNode node) => node switch
    {
        ManifestNode.Mapping mapping => new JsonObject(mapping.Entries.Select(entry => KeyValuePair.Create(entry.Key, ToJson(entry.Value)))),
        ManifestNode.Sequence list => new JsonArray([.. list.Items.Select(ToJson)]),
        ManifestNode.Scalar { IsNull: false } scalar => JsonValue.Create(scalar.Text),
        _ => null,
    };

    private static ConfigurationException Wrong(string at, string rule) =>
        new([$"{at}: It is no policy: {rule} Save what `gcloud container binauthz policy export` prints."]);
}
