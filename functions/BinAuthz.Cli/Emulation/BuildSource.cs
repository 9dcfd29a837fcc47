namespace BinAuthz.Cli.Emulation;

/// <summary>What a build was made from.</summary>
/// <param name="Uri">The repository, such as <c>https://github.com/acme/web</c>.</param>
/// <param name="Ref">Such as <c>refs/heads/main</c>.</param>
/// <param name="Commit">The commit's hash.</param>
/// <param name="Trigger">The build trigger, such as <c>projects/P/locations/L/triggers/ID</c>; null: none.</param>
internal sealed record BuildSource(string Uri, string Ref, string Commit, string? Trigger = null);
