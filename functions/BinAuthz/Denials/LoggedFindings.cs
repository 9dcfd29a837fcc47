using BinAuthz.GoogleCloud;

namespace BinAuthz.Denials;

/// <summary>What the logs of a project tell, each finding once however often it is read.</summary>
internal sealed class LoggedFindings(LoggingClient logging, string project, IReadOnlyCollection<FindingKind> kinds)
{
    private readonly HashSet<(string InsertId, DateTimeOffset Time)> seen = [];

    /// <summary>How many entries could not be read.</summary>
    public int Unreadable { get; private set; }

    /// <summary>Whether there were more entries than are read: then the older ones are missing.</summary>
    public bool IsCut { get; private set; }

    /// <summary>The findings since a time that were not read before.</summary>
    /// <exception cref="GoogleCallException">The logs cannot be read.</exception>
    public async Task<IReadOnlyList<Finding>> ReadAsync(DateTimeOffset since, CancellationToken cancellationToken)
    {
        var (entries, unreadable, isComplete) = await logging.ListEntriesAsync(project, LogFilters.Sink, since, cancellationToken).ConfigureAwait(false);
        (Unreadable, IsCut) = (unreadable, !isComplete);
        var found = entries.SelectMany(Read).Where(finding => kinds.Count == 0 || kinds.Contains(finding.Kind)).ToLookup(finding => (finding.Source.InsertId, finding.Source.Time));
        Finding[] fresh = [.. found.Where(entry => seen.Add(entry.Key)).SelectMany(entry => entry)];
        seen.RemoveWhere(entry => entry.Time < since);
        return fresh;
    }

    private IReadOnlyList<Finding> Read(byte[] entry)
    {
        try
        {
            return LogEntryReader.Read(entry).Findings;
        }
        catch (FormatException)
        {
            Unreadable++;
            return [];
        }
    }
}
