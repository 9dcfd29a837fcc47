using BinAuthz.GoogleCloud;
using Grpc.Core;

namespace BinAuthz.Checkup;

/// <summary>Why something could not be read.</summary>
/// <param name="Reason">In the words of the API.</param>
/// <param name="Remedy">What helps.</param>
/// <param name="IsTransient">Whether the same call may succeed later.</param>
internal sealed record Obstacle(string Reason, string Remedy, bool IsTransient)
{
    /// <summary>The obstacle of a refused or unanswered call.</summary>
    /// <param name="error">What was answered.</param>
    /// <param name="needed">What the caller needs for it.</param>
    /// <param name="project">In which a role can be granted, unless the resource names another.</param>
    public static Obstacle Of(GoogleCallException error, Access needed, string project) => new(
        error.Message,
        error.IsTransient ? "Run it again."
            : error.Status is StatusCode.PermissionDenied or StatusCode.Unauthenticated ? needed.Grant(error.Resource.Split('/') is ["projects", var owner, ..] ? owner : project)
            : "Look at what the API says.",
        error.IsTransient);
}
