using Grpc.Core;

namespace BinAuthz.GoogleCloud;

/// <summary>A Google API refused or did not answer.</summary>
/// <param name="method">The method, such as <c>AsymmetricSign</c>.</param>
/// <param name="resource">What it was called for.</param>
/// <param name="status">The answer; for REST the status that Google maps to the HTTP code.</param>
/// <param name="detail">The server's words.</param>
/// <param name="inner">The transport's exception.</param>
public sealed class GoogleCallException(string method, string resource, StatusCode status, string detail, Exception? inner = null)
    : Exception($"{method} for {resource} was answered {status}: {detail}{Remedy(status, method)}", inner)
{
    /// <summary>The method, such as <c>AsymmetricSign</c>.</summary>
    public string Method { get; } = method;

    /// <summary>What it was called for.</summary>
    public string Resource { get; } = resource;

    /// <summary>The answer.</summary>
    public StatusCode Status { get; } = status;

    /// <summary>Whether the same call may succeed later without anyone mending anything.</summary>
    public bool IsTransient => Status is StatusCode.Unavailable or StatusCode.DeadlineExceeded or StatusCode.ResourceExhausted or StatusCode.Aborted or StatusCode.Internal;

    private static string Remedy(StatusCode status, string method) => status switch
    {
        StatusCode.PermissionDenied or StatusCode.Unauthenticated => $" Grant the identity that runs this the permission for {method} on that resource.",
        _ => "",
    };
}
