using Grpc.Core;

namespace BinAuthz.Emulator.Hosting;

/// <summary>HTTP and gRPC statuses of the APIs that are served as plain HTTP.</summary>
internal static class HttpStatuses
{
    /// <summary>The gRPC status that an HTTP status means.</summary>
    public static StatusCode ToGrpc(int http) => http switch
    {
        < 400 => StatusCode.OK,
        400 => StatusCode.InvalidArgument,
        401 => StatusCode.Unauthenticated,
        403 => StatusCode.PermissionDenied,
        404 => StatusCode.NotFound,
        409 => StatusCode.AlreadyExists,
        412 => StatusCode.FailedPrecondition,
        429 => StatusCode.ResourceExhausted,
        501 => StatusCode.Unimplemented,
        503 => StatusCode.Unavailable,
        _ => StatusCode.Unknown,
    };

    /// <summary>The status that a gRPC status is answered with over HTTP.</summary>
    public static int OfGrpc(StatusCode code) => code switch
    {
        StatusCode.Unavailable => 503,
        StatusCode.ResourceExhausted => 429,
        StatusCode.PermissionDenied => 403,
        StatusCode.Unauthenticated => 401,
        StatusCode.NotFound => 404,
        StatusCode.InvalidArgument => 400,
        StatusCode.DeadlineExceeded => 504,
        _ => 500,
    };
}
