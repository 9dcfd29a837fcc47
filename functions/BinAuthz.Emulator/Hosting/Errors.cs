using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace BinAuthz.Emulator.Hosting;

/// <summary>Google's errors as exceptions.</summary>
internal static class Errors
{
    public static RpcException NotFound(string message) => Of(StatusCode.NotFound, message);

    public static RpcException AlreadyExists(string message) => Of(StatusCode.AlreadyExists, message);

    public static RpcException Invalid(string message) => Of(StatusCode.InvalidArgument, message);

    public static RpcException Aborted(string message) => Of(StatusCode.Aborted, message);

    public static RpcException Unimplemented(string message) => Of(StatusCode.Unimplemented, message);

    /// <summary>FAILED_PRECONDITION with a google.rpc.PreconditionFailure when <paramref name="type"/> is given.</summary>
    public static RpcException Precondition(string message, string? type = null, string? subject = null)
    {
        if (type is null)
        {
            return Of(StatusCode.FailedPrecondition, message);
        }

        var failure = new Google.Rpc.PreconditionFailure();
        failure.Violations.Add(new Google.Rpc.PreconditionFailure.Types.Violation { Type = type, Subject = subject ?? "", Description = message });
        return Of(StatusCode.FailedPrecondition, message, failure);
    }

    /// <summary>PERMISSION_DENIED in the words of Google's front end.</summary>
    public static RpcException Denied(string permission, string resource)
    {
        var info = new Google.Rpc.ErrorInfo { Reason = "IAM_PERMISSION_DENIED", Domain = "iam.googleapis.com" };
        info.Metadata["permission"] = permission;
        info.Metadata["resource"] = resource;
        return Of(StatusCode.PermissionDenied, $"Permission '{permission}' denied on resource '{resource}' (or it may not exist).", info);
    }

    public static RpcException Of(StatusCode code, string message, params IMessage[] details)
    {
        var trailers = new Metadata();
        if (details.Length > 0)
        {
            var status = new Google.Rpc.Status { Code = (int)code, Message = message };
            status.Details.AddRange(details.Select(Any.Pack));
            trailers.Add("grpc-status-details-bin", status.ToByteArray());
        }

        return new RpcException(new Status(code, message), trailers);
    }
}
