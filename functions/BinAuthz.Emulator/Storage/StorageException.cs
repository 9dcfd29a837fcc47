using Microsoft.AspNetCore.Http;

namespace BinAuthz.Emulator.Storage;

/// <summary>An error of Cloud Storage: an HTTP status, a sentence, and a reason for programs.</summary>
internal sealed class StorageException(int status, string reason, string message) : Exception(message)
{
    public int Status => status;

    public string Reason => reason;

    public static StorageException NotFound(string message) => new(StatusCodes.Status404NotFound, "notFound", message);

    public static StorageException Invalid(string message) => new(StatusCodes.Status400BadRequest, "invalid", message);

    public static StorageException Conflict(string message) => new(StatusCodes.Status409Conflict, "conflict", message);

    public static StorageException NotImplemented(string message) => new(StatusCodes.Status501NotImplemented, "notImplemented", message);

    /// <summary>403 in Cloud Storage's words.</summary>
    public static StorageException Forbidden(string principal, string permission) => new(
        StatusCodes.Status403Forbidden, "forbidden", $"{principal} does not have {permission} access to the Google Cloud Storage {(permission.Contains(".objects.", StringComparison.Ordinal) ? "object" : "bucket")}. Permission '{permission}' denied on resource (or it may not exist).");

    public static StorageException PreconditionFailed() =>
        new(StatusCodes.Status412PreconditionFailed, "conditionNotMet", "At least one of the pre-conditions you specified did not hold.");
}
