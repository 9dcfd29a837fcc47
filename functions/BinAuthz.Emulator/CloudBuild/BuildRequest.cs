namespace BinAuthz.Emulator.CloudBuild;

/// <summary>A build that is said to have happened.</summary>
/// <param name="Image">What it built: <c>us-central1-docker.pkg.dev/P/R/I@sha256:…</c>.</param>
/// <param name="SourceUri">The repository of the source, such as <c>https://github.com/acme/web</c>.</param>
/// <param name="Ref">The branch or tag, such as <c>refs/heads/main</c>.</param>
/// <param name="Commit">The commit.</param>
/// <param name="BuilderId">Who built; Google's hosted worker unless said otherwise.</param>
/// <param name="Trigger">The trigger that started it, such as <c>projects/P/locations/L/triggers/ID</c>; none: it was submitted by hand.</param>
internal sealed record BuildRequest(string? Image, string? SourceUri, string? Ref, string? Commit, string? BuilderId, string? Trigger = null);
