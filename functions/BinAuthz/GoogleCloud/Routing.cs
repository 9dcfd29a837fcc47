using Grpc.Core;

namespace BinAuthz.GoogleCloud;

/// <summary>The routing header, by which Google's front end finds the resource of a gRPC call (AIP-4222).</summary>
internal static class Routing
{
    private const string Header = "x-goog-request-params";

    /// <summary>Options for a call whose request names its resource in <paramref name="field"/>.</summary>
    public static CallOptions To(string field, string resource, CancellationToken cancellationToken) =>
        new(new Metadata { { Header, $"{field}={Uri.EscapeDataString(resource)}" } }, cancellationToken: cancellationToken);

    /// <summary>The resource that <see cref="To"/> was given.</summary>
    public static string ResourceOf(CallOptions options) =>
        options.Headers?.GetValue(Header) is { } header ? Uri.UnescapeDataString(header[(header.IndexOf('=', StringComparison.Ordinal) + 1)..]) : "the service";
}
