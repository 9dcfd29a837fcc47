using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;

namespace BinAuthz.Emulator.ArtifactRegistry.Distribution;

/// <summary>Manifests and tags, pushed, pulled and deleted.</summary>
internal sealed partial class ManifestRequests(ImageStore images, BlobStore blobs, PushAuditLog audit)
{
    // Google's limit on a manifest.
    private const int LargestManifest = 8 * 1024 * 1024;

    public Task<IResult> AnswerAsync(DistributionRequest request) => request.Method switch
    {
        "GET" or "HEAD" => Task.FromResult(Get(request)),
        "PUT" => PutAsync(request),
        "DELETE" => Task.FromResult(Delete(request)),
        _ => Task.FromResult(OciError.Unsupported(request.Method, "manifests")),
    };

    /// <summary>The tags of an image, after <c>last</c> and at most <c>n</c>.</summary>
    public IResult ListTags(DistributionRequest request)
    {
        if (images.FindPackage(request.Image.PackageName) is null)
        {
            return OciError.Of(StatusCodes.Status404NotFound, "NAME_UNKNOWN", $"There is no image {request.Image.Reference}.");
        }

        var query = request.Http.Request.Query;
        var limit = int.TryParse(query["n"], NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : 1000;
        var after = query["last"].ToString() is { Length: > 0 } last ? request.Image.TagName(last) : "";
        var found = images.ScanTags(request.Image.PackageName, after, limit + 1, _ => true);
        var tags = found.Take(limit).Select(tag => tag.Name[(tag.Name.LastIndexOf('/') + 1)..]).ToList();
        if (found.Count > limit && tags.Count > 0)
        {
            request.Http.Response.Headers.Link = $"<{request.ImagePath}/tags/list?n={limit}&last={tags[^1]}>; rel=\"next\"";
        }

        return Results.Json(new { name = $"{request.Image.Project}/{request.Image.Repository}/{request.Image.Image}", tags });
    }

    private IResult Get(DistributionRequest request)
    {
        if (images.Find(request.Image, request.Reference) is not { } manifest)
        {
            return OciError.ManifestUnknown(request.Reference);
        }

        request.Http.Response.Headers["Docker-Content-Digest"] = manifest.Name[(manifest.Name.LastIndexOf('/') + 1)..];
        return Results.Bytes(manifest.Content.ToByteArray(), manifest.MediaType);
    }

    private async Task<IResult> PutAsync(DistributionRequest request)
    {
        using var body = new MemoryStream();
        await request.Http.Request.Body.CopyToAsync(body, request.Aborted).ConfigureAwait(false);
        if (body.Length > LargestManifest)
        {
            return OciError.Of(StatusCodes.Status413PayloadTooLarge, "SIZE_INVALID", $"The manifest has {body.Length} bytes; {LargestManifest} are allowed.");
        }

        if (Manifest.Read(body.ToArray(), request.Http.Request.ContentType, out var problem) is not { } manifest)
        {
            return OciError.Of(StatusCodes.Status400BadRequest, "MANIFEST_INVALID", problem);
        }

        var tag = Digests.IsDigest(request.Reference) ? null : request.Reference;
        if (Refusal(request, manifest, tag) is { } refusal)
        {
            return refusal;
        }

        images.Put(request.Image, tag, manifest);
        audit.Pushed(request);
        request.Http.Response.Headers["Docker-Content-Digest"] = manifest.Digest;
        request.Http.Response.Headers.Location = $"{request.ImagePath}/manifests/{manifest.Digest}";
        return Results.StatusCode(StatusCodes.Status201Created);
    }

    private IResult? Refusal(DistributionRequest request, Manifest manifest, string? tag)
    {
        if (tag is null && manifest.Digest != request.Reference)
        {
            return OciError.DigestInvalid($"The manifest has the digest {manifest.Digest}, not {request.Reference}.");
        }

        if (tag is not null && !TagPattern().IsMatch(tag))
        {
            return OciError.Of(StatusCodes.Status400BadRequest, "TAG_INVALID", $"\"{tag}\" is neither a tag nor a sha256 digest.");
        }

        if (tag is not null && images.IsFixed(request.Image, tag, manifest.Digest))
        {
            return OciError.Of(StatusCodes.Status403Forbidden, "DENIED", $"cannot update tag {tag}. The repository has enabled tag immutability");
        }

        var missing = manifest.Blobs.Select(blob => blob.Digest!).Where(digest => blobs.Find(digest) is null)
            .Concat(manifest.Children.Select(child => child.Digest!).Where(digest => images.Find(request.Image, digest) is null)).FirstOrDefault();
        return missing is null ? null : OciError.Of(StatusCodes.Status400BadRequest, "MANIFEST_BLOB_UNKNOWN", $"The manifest refers to {missing}, which was not pushed before it.");
    }

    private IResult Delete(DistributionRequest request)
    {
        if (!Digests.IsDigest(request.Reference))
        {
            return images.DeleteTag(request.Image, request.Reference) ? Results.StatusCode(StatusCodes.Status202Accepted) : OciError.ManifestUnknown(request.Reference);
        }

        var version = request.Image.VersionName(request.Reference);
        if (images.TagsOf(version).Count > 0)
        {
            return OciError.Of(StatusCodes.Status400BadRequest, "GOOGLE_MANIFEST_DANGLING_TAG", "Manifest is still referenced by one or more tags.");
        }

        if (images.HasParent(version))
        {
            return OciError.Of(StatusCodes.Status400BadRequest, "GOOGLE_MANIFEST_DANGLING_PARENT_IMAGE", "Manifest is still referenced by one or more indexes.");
        }

        return images.DeleteVersion(request.Image, request.Reference) ? Results.StatusCode(StatusCodes.Status202Accepted) : OciError.ManifestUnknown(request.Reference);
    }

    [GeneratedRegex(@"\A[A-Za-z0-9_][A-Za-z0-9._-]{0,127}\z")]
    private static partial Regex TagPattern();
}
