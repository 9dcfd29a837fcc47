using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;

namespace BinAuthz.Emulator.ArtifactRegistry.Distribution;

/// <summary>What a path under /v2/ asks for.</summary>
/// <param name="Http">The request.</param>
/// <param name="Image">The image that it is about.</param>
/// <param name="Part">manifests, blobs, uploads or tags.</param>
/// <param name="Reference">A tag, a digest or the id of an upload; empty where there is none.</param>
internal sealed partial record DistributionRequest(HttpContext Http, ImageLocation Image, string Part, string Reference)
{
    public string Method => Http.Request.Method;

    public CancellationToken Aborted => Http.RequestAborted;

    /// <summary>The path of the image, from which clients go on.</summary>
    public string ImagePath => $"/v2/{Image.Project}/{Image.Repository}/{Image.Image}";

    public static DistributionRequest? Of(HttpContext http, string path)
    {
        var match = Path().Match(path);
        return match.Success && ImageLocation.Of(http.Request.Host.Host, match.Groups["name"].Value) is { } image
            ? new DistributionRequest(http, image, match.Groups["part"].Value switch { "blobs/uploads" => "uploads", var part => part }, match.Groups["reference"].Value)
            : null;
    }

    [GeneratedRegex(@"\A(?<name>.+)/((?<part>blobs/uploads)/?(?<reference>[^/]*)|(?<part>manifests|blobs)/(?<reference>[^/]+)|(?<part>tags)/list)\z")]
    private static partial Regex Path();
}
