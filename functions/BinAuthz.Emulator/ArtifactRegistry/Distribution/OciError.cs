using BinAuthz.Emulator.Iam.Enforcement;
using Microsoft.AspNetCore.Http;

namespace BinAuthz.Emulator.ArtifactRegistry.Distribution;

/// <summary>Errors of the OCI distribution API.</summary>
internal static class OciError
{
    public static IResult NameInvalid(string path) => Of(StatusCodes.Status400BadRequest, "NAME_INVALID", $"\"{path}\" is not PROJECT/REPOSITORY/IMAGE, followed by what is asked of the image.");

    public static IResult ManifestUnknown(string reference) => Of(StatusCodes.Status404NotFound, "MANIFEST_UNKNOWN", $"There is no manifest \"{reference}\".");

    public static IResult BlobUnknown(string digest) => Of(StatusCodes.Status404NotFound, "BLOB_UNKNOWN", $"There is no blob \"{digest}\".");

    public static IResult UploadUnknown(string upload) => Of(StatusCodes.Status404NotFound, "BLOB_UPLOAD_UNKNOWN", $"There is no upload \"{upload}\".");

    public static IResult DigestInvalid(string message) => Of(StatusCodes.Status400BadRequest, "DIGEST_INVALID", message);

    public static IResult Unsupported(string method, string what) => Of(StatusCodes.Status405MethodNotAllowed, "UNSUPPORTED", $"{method} is not a method of {what}.");

    /// <summary>403 in Artifact Registry's words.</summary>
    public static IResult Denied(CheckedPermission needed) =>
        Of(StatusCodes.Status403Forbidden, "DENIED", $"Permission \"{needed.Permission}\" denied on resource \"{needed.Resource}\" (or it may not exist)");

    public static IResult Of(int status, string code, string message) =>
        Results.Json(new { errors = new[] { new { code, message } } }, statusCode: status);
}
