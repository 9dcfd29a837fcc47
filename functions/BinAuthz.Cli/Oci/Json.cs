using System.Text.Json;
using System.Text.Json.Nodes;

namespace BinAuthz.Cli.Oci;

/// <summary>Reads JSON that somebody else wrote.</summary>
internal static class Json
{
    /// <summary>Parses an object or array.</summary>
    /// <exception cref="CommandException">It is no JSON.</exception>
    public static JsonNode Parse(byte[] bytes, string where)
    {
        try
        {
            return JsonNode.Parse(bytes) ?? throw new JsonException("It is null.");
        }
        catch (JsonException error)
        {
            throw CommandException.Usage($"{where} is no JSON: {error.Message}", error);
        }
    }

    /// <summary>Parses a file of an image.</summary>
    public static async Task<JsonNode> ParseAsync(IImageFiles files, string path, CancellationToken cancellationToken)
    {
        var stream = files.Open(path);
        await using (stream.ConfigureAwait(false))
        {
            using var copy = new MemoryStream();
            await stream.CopyToAsync(copy, cancellationToken).ConfigureAwait(false);
            return Parse(copy.ToArray(), $"{path} of '{files.Source}'");
        }
    }
}
