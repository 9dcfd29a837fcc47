using System.Text;
using BinAuthz.Emulator.Logging.Query;
using BinAuthz.Emulator.PubSub;
using BinAuthz.Emulator.State;
using Google.Cloud.Logging.V2;

namespace BinAuthz.Emulator.Logging;

/// <summary>The sinks of every project, and what they do with an entry.</summary>
internal sealed class LogSinks(EmulatorStore store, IMessageBus bus)
{
    /// <summary>How the destination of a sink names a topic.</summary>
    public const string TopicPrefix = "pubsub.googleapis.com/";

    /// <summary>By <c>projects/P/sinks/S</c>.</summary>
    public Table<LogSink> Table { get; } = store.Table("log-sink", LogSink.Parser);

    /// <summary>Publishes each entry to the topics of the sinks that want it.</summary>
    public void Deliver(IReadOnlyList<StoredEntry> entries)
    {
        foreach (var ofProject in entries.GroupBy(stored => LogName.Parent(stored.Entry.LogName)))
        {
            foreach (var sink in Table.List($"{ofProject.Key}/sinks").Where(sink => !sink.Disabled))
            {
                Deliver(sink, ofProject);
            }
        }
    }

    private void Deliver(LogSink sink, IEnumerable<StoredEntry> entries)
    {
        var included = LogQuery.Parse(sink.Filter);
        var excluded = sink.Exclusions.Where(exclusion => !exclusion.Disabled).Select(exclusion => LogQuery.Parse(exclusion.Filter)).ToArray();
        foreach (var stored in entries.Where(stored => included.Matches(stored.Json) && !excluded.Any(query => query.Matches(stored.Json))))
        {
            var attributes = new Dictionary<string, string> { ["logging.googleapis.com/timestamp"] = LogJson.Text(stored.Entry.Timestamp) };
            bus.Publish(sink.Destination[TopicPrefix.Length..], Encoding.UTF8.GetBytes(stored.Json.GetRawText()), attributes);
        }
    }
}
