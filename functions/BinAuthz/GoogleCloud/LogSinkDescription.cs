namespace BinAuthz.GoogleCloud;

/// <summary>A log sink.</summary>
/// <param name="Name">Its id in the project.</param>
/// <param name="Destination">Such as <c>pubsub.googleapis.com/projects/P/topics/ID</c>.</param>
/// <param name="Filter">Which entries it copies; empty: all.</param>
/// <param name="IsDisabled">Whether it copies nothing.</param>
internal sealed record LogSinkDescription(string Name, string Destination, string Filter, bool IsDisabled)
{
    /// <summary>How the destination of a sink names a topic.</summary>
    public const string TopicPrefix = "pubsub.googleapis.com/";

    /// <summary>The IAM member as whom it writes, which the destination has to let in.</summary>
    public string Writer { get; init; } = "";

    /// <summary>Whether it copies the same entries to the same place. Line breaks and indentation mean nothing in the query language.</summary>
    public bool Copies(LogSinkDescription wanted) => Destination == wanted.Destination && Flat(Filter) == Flat(wanted.Filter);

    private static string Flat(string filter) => string.Join(' ', filter.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
