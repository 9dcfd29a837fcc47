using BinAuthz.Emulator.Hosting;
using BinAuthz.Emulator.State;
using Google.Cloud.Logging.V2;

namespace BinAuthz.Emulator.Logging;

/// <summary>The entries of every project.</summary>
internal sealed class LogStore : IJournalled
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, Dictionary<string, StoredEntry>> entries = new(StringComparer.Ordinal);
    private readonly Journal journal;

    public LogStore(EmulatorStore store) => journal = store.Attach(this);

    public string Kind => "log-entry";

    /// <summary>Stores entries.</summary>
    /// <returns>Those that were not there already.</returns>
    public IReadOnlyList<StoredEntry> Add(IEnumerable<LogEntry> written)
    {
        var added = new List<StoredEntry>();
        foreach (var stored in written.Select(StoredEntry.Of))
        {
            lock (gate)
            {
                if (!Project(LogName.Parent(stored.Entry.LogName)).TryAdd(stored.Key, stored))
                {
                    continue;
                }
            }

            journal.Put(Kind, stored.Key, stored.Entry);
            added.Add(stored);
        }

        return added;
    }

    /// <summary>The entries of projects.</summary>
    public IReadOnlyList<StoredEntry> Read(IEnumerable<string> parents)
    {
        lock (gate)
        {
            return [.. parents.Distinct().SelectMany(parent => entries.TryGetValue(parent, out var project) ? project.Values : Enumerable.Empty<StoredEntry>())];
        }
    }

    /// <exception cref="Grpc.Core.RpcException">NOT_FOUND: the log has no entries.</exception>
    public void Delete(string logName)
    {
        StoredEntry[] gone;
        lock (gate)
        {
            var project = Project(LogName.Parent(logName));
            gone = [.. project.Values.Where(stored => stored.Entry.LogName == logName)];
            foreach (var stored in gone)
            {
                project.Remove(stored.Key);
            }
        }

        if (gone.Length == 0)
        {
            throw Errors.NotFound($"Log {logName} does not exist");
        }

        foreach (var stored in gone)
        {
            journal.Remove(Kind, stored.Key);
        }
    }

    void IJournalled.Restore(string name, byte[] value)
    {
        var stored = StoredEntry.Of(LogEntry.Parser.ParseFrom(value));
        Project(LogName.Parent(stored.Entry.LogName))[stored.Key] = stored;
    }

    private Dictionary<string, StoredEntry> Project(string parent) =>
        entries.TryGetValue(parent, out var project) ? project : entries[parent] = new Dictionary<string, StoredEntry>(StringComparer.Ordinal);
}
