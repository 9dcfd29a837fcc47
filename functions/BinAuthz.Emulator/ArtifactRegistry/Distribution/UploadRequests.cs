using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace BinAuthz.Emulator.ArtifactRegistry.Distribution;

/// <summary>Uploads of blobs: at once, in chunks, or mounted from another image.</summary>
internal sealed class UploadRequests(BlobStore blobs)
{
    public Task<IResult> AnswerAsync(DistributionRequest request) => (request.Method, request.Reference.Length > 0) switch
    {
        ("POST", false) => BeginAsync(request),
        ("PATCH", true) => Known(request, AppendAsync),
        ("PUT", true) => Known(request, CompleteAsync),
        ("GET", true) => Known(request, (_, length) => Task.FromResult(Progress(request, request.Reference, length, StatusCodes.Status204NoContent))),
        ("DELETE", true) => Known(request, (_, _) => Task.FromResult(Abandon(request))),
        _ => Task.FromResult(OciError.Unsupported(request.Method, "uploads")),
    };

    private Task<IResult> Known(DistributionRequest request, Func<DistributionRequest, long, Task<IResult>> answer) =>
        blobs.Length(request.Reference) is { } length ? answer(request, length) : Task.FromResult(OciError.UploadUnknown(request.Reference));

    private async Task<IResult> BeginAsync(DistributionRequest request)
    {
        var query = request.Http.Request.Query;
        if (query["mount"].ToString() is { Length: > 0 } mounted && blobs.Find(mounted) is not null)
        {
            return Created(request, mounted);
        }

        if (query["digest"].ToString() is { Length: > 0 } digest)
        {
            return await blobs.PutAsync(digest, request.Http.Request.Body, request.Aborted).ConfigureAwait(false)
                ? Created(request, digest)
                : OciError.DigestInvalid($"The blob does not have the digest {digest}.");
        }

        return Progress(request, blobs.Begin(), 0, StatusCodes.Status202Accepted);
    }

    private async Task<IResult> AppendAsync(DistributionRequest request, long length)
    {
        var range = request.Http.Request.Headers.ContentRange.ToString();
        if (range.Length > 0 && (!long.TryParse(range.Split('-')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var start) || start != length))
        {
            return Progress(request, request.Reference, length, StatusCodes.Status416RangeNotSatisfiable);
        }

        await blobs.AppendAsync(request.Reference, request.Http.Request.Body, request.Aborted).ConfigureAwait(false);
        return Progress(request, request.Reference, blobs.Length(request.Reference) ?? 0, StatusCodes.Status202Accepted);
    }

    private async Task<IResult> CompleteAsync(DistributionRequest request, long length)
    {
        var digest = request.Http.Request.Query["digest"].ToString();
        if (!Digests.IsDigest(digest))
        {
            return OciError.DigestInvalid($"\"{digest}\" is not a sha256 digest.");
        }

        await blobs.AppendAsync(request.Reference, request.Http.Request.Body, request.Aborted).ConfigureAwait(false);
        return await blobs.CompleteAsync(request.Reference, digest, request.Aborted).ConfigureAwait(false)
            ? Created(request, digest)
            : OciError.DigestInvalid($"The blob does not have the digest {digest}.");
    }

    private IResult Abandon(DistributionRequest request)
    {
        blobs.Abandon(request.Reference);
        return Results.StatusCode(StatusCodes.Status204NoContent);
    }

    private static IResult Progress(DistributionRequest request, string upload, long length, int status)
    {
        request.Http.Response.Headers.Location = $"{request.ImagePath}/blobs/uploads/{upload}";
        request.Http.Response.Headers.Range = string.Create(CultureInfo.InvariantCulture, $"0-{Math.Max(0, length - 1)}");
        request.Http.Response.Headers["Docker-Upload-UUID"] = upload;
        return Results.StatusCode(status);
    }

    private static IResult Created(DistributionRequest request, string digest)
    {
        request.Http.Response.Headers.Location = $"{request.ImagePath}/blobs/{digest}";
        request.Http.Response.Headers["Docker-Content-Digest"] = digest;
        return Results.StatusCode(StatusCodes.Status201Created);
    }
}
