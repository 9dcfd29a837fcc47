namespace BinAuthz.GoogleCloud;

/// <summary>A log sink.</summary>
/// <param name="Name">Its id in the project.</param>
/// <param name="Destination">Such as <c>pubsub.googleapis.com/projects/P/topics/ID</c>.</param>
/// <param name="Filter">Which entries it copies; empty: all.</param>
/// <param name="IsDisabled">Whether it copies nothing.</param>
internal sealed record LogSinkDescription(string Name, string Destination, string Filter, bool IsDisabled);
