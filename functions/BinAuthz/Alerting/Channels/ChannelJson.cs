using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace BinAuthz.Alerting.Channels;

/// <summary>Writes payloads within a service's limit.</summary>
internal static class ChannelJson
{
    private const int Shortest = 100;

    // Never embedded in HTML: image names and non-ASCII text stay short and readable.
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The payload in UTF-8.</summary>
    /// <param name="maximum">The most bytes.</param>
    /// <param name="longest">The most characters of a text at first; they become fewer until the payload fits.</param>
    /// <param name="build">Makes the payload with texts of so many characters.</param>
    public static byte[] Fit(int maximum, int longest, Func<int, JsonObject> build)
    {
        for (var length = longest; ; length = length * 2 / 3)
        {
            var bytes = Encoding.UTF8.GetBytes(build(length).ToJsonString(Readable));
            if (bytes.Length <= maximum || length < Shortest)
            {
                return bytes;
            }
        }
    }
}
