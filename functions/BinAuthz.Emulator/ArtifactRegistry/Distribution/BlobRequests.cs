using Microsoft.AspNetCore.Http;

namespace BinAuthz.Emulator.ArtifactRegistry.Distribution;

/// <summary>Blobs that are there.</summary>
internal sealed class BlobRequests(BlobStore blobs)
{
    public IResult Answer(DistributionRequest request)
    {
        if (request.Method is not ("GET" or "HEAD"))
        {
            return OciError.Unsupported(request.Method, "blobs");
        }

        if (blobs.Find(request.Reference) is not { } file)
        {
            return OciError.BlobUnknown(request.Reference);
        }

        request.Http.Response.Headers["Docker-Content-Digest"] = request.Reference;
        return Results.File(file, "application/octet-stream", enableRangeProcessing: true);
    }
}
