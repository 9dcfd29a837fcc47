using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace BinAuthz.Emulator.Storage;

/// <summary>
/// The bucket and object of a request, taken from the request line as it came: the server keeps %2F and decodes the
/// rest, after which <c>a%2Fb</c> and <c>a%252Fb</c> look the same.
/// </summary>
/// <param name="Bucket">The bucket.</param>
/// <param name="Object">The object; empty when the path names none.</param>
/// <param name="Verb">What follows the object, such as rewriteTo; empty mostly.</param>
/// <param name="TargetBucket">Where a copy goes.</param>
/// <param name="TargetObject">Where a copy goes.</param>
internal sealed record StorageAddress(string Bucket, string Object, string Verb, string TargetBucket, string TargetObject)
{
    private static readonly string[] Copies = ["rewriteTo", "copyTo"];

    public static StorageAddress Of(HttpContext context)
    {
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var segments = target.Split('?')[0].Split('/');
        var bucket = Array.IndexOf(segments, "b") + 1;
        var rest = segments[Math.Min(bucket + 2, segments.Length)..];
        var copy = Array.FindIndex(rest, Copies.Contains);
        if (copy > 0 && rest.Length > copy + 4 && rest[copy + 1] == "b" && rest[copy + 3] == "o")
        {
            return new StorageAddress(Name(segments[bucket..(bucket + 1)]), Name(rest[..copy]), rest[copy], Name(rest[(copy + 2)..(copy + 3)]), Name(rest[(copy + 4)..]));
        }

        var verb = rest.Length > 1 && rest[^1] == "compose" ? rest[^1] : "";
        return new StorageAddress(Name(segments[bucket..(bucket + 1)]), Name(verb.Length > 0 ? rest[..^1] : rest), verb, "", "");
    }

    private static string Name(string[] segments) => Uri.UnescapeDataString(string.Join('/', segments));
}
