using Google.Protobuf;

namespace BinAuthz.Emulator.State;

/// <summary>
/// The resources of one kind, by name. Messages that go in and come out are never shared: callers may change theirs.
/// Listing is by collection, which is the name without its last segment, or by an index.
/// </summary>
internal sealed class Table<T>(string kind, MessageParser<T> parser, Journal journal, Func<T, IEnumerable<string>>? indexBy = null) : IJournalled
    where T : class, IMessage<T>, IDeepCloneable<T>
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, T> rows = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SortedSet<string>> collections = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SortedSet<string>> index = new(StringComparer.Ordinal);

    public string Kind => kind;

    public T? Find(string name)
    {
        lock (gate)
        {
            return rows.GetValueOrDefault(name)?.Clone();
        }
    }

    /// <summary>Stores a new resource.</summary>
    /// <returns>False when there is one of that name.</returns>
    public bool TryAdd(string name, T row)
    {
        lock (gate)
        {
            if (rows.ContainsKey(name))
            {
                return false;
            }

            Put(name, row.Clone());
            return true;
        }
    }

    /// <summary>Stores a new resource unless <paramref name="conflict"/> finds one under <paramref name="indexKey"/> that forbids it.</summary>
    public bool TryAddUnless(string name, T row, string indexKey, Func<T, bool> conflict)
    {
        lock (gate)
        {
            if (rows.ContainsKey(name) || (index.TryGetValue(indexKey, out var names) && names.Any(other => conflict(rows[other]))))
            {
                return false;
            }

            Put(name, row.Clone());
            return true;
        }
    }

    public void Set(string name, T row)
    {
        lock (gate)
        {
            Put(name, row.Clone());
        }
    }

    /// <summary>Replaces a resource by what <paramref name="change"/> makes of it, in one step; it may throw to refuse.</summary>
    /// <returns>The new state, or null when there is no such resource.</returns>
    public T? Update(string name, Func<T, T> change)
    {
        lock (gate)
        {
            if (!rows.TryGetValue(name, out var row))
            {
                return null;
            }

            var changed = change(row.Clone());
            Put(name, changed);
            return changed.Clone();
        }
    }

    public bool Remove(string name)
    {
        lock (gate)
        {
            if (!rows.Remove(name, out var row))
            {
                return false;
            }

            Forget(name, row);
            journal.Remove(kind, name);
            return true;
        }
    }

    /// <summary>The resources of a collection, ordered by name.</summary>
    public IReadOnlyList<T> List(string collection) => Select(collections, collection);

    /// <summary>The resources under an index key, ordered by name.</summary>
    public IReadOnlyList<T> Lookup(string key) => Select(index, key);

    /// <summary>The first resources under an index key whose names come after <paramref name="after"/> and that match, ordered by name. Only these are copied.</summary>
    public IReadOnlyList<T> Scan(string key, string after, int limit, Func<T, bool> matches) => Scan(index, key, after, limit, matches);

    /// <summary>As <see cref="Scan(string, string, int, Func{T, bool})"/>, in a collection.</summary>
    public IReadOnlyList<T> ScanCollection(string collection, string after, int limit, Func<T, bool> matches) => Scan(collections, collection, after, limit, matches);

    public IReadOnlyList<T> All()
    {
        lock (gate)
        {
            return [.. rows.Values.Select(row => row.Clone())];
        }
    }

    void IJournalled.Restore(string name, byte[] value)
    {
        lock (gate)
        {
            Index(name, parser.ParseFrom(value));
        }
    }

    private List<T> Select(Dictionary<string, SortedSet<string>> groups, string key)
    {
        lock (gate)
        {
            return groups.TryGetValue(key, out var names) ? [.. names.Select(name => rows[name].Clone())] : [];
        }
    }

    private List<T> Scan(Dictionary<string, SortedSet<string>> groups, string key, string after, int limit, Func<T, bool> matches)
    {
        lock (gate)
        {
            if (!groups.TryGetValue(key, out var names) || names.Max is not { } last || string.CompareOrdinal(after, last) >= 0)
            {
                return [];
            }

            IEnumerable<string> rest = after.Length == 0 ? names : names.GetViewBetween(after, last).Where(name => name != after);
            return [.. rest.Select(name => rows[name]).Where(matches).Take(limit).Select(row => row.Clone())];
        }
    }

    private void Put(string name, T row)
    {
        journal.Put(kind, name, row);
        if (rows.TryGetValue(name, out var before))
        {
            Forget(name, before);
        }

        Index(name, row);
    }

    private void Index(string name, T row)
    {
        rows[name] = row;
        Group(collections, Collection(name)).Add(name);
        foreach (var key in indexBy?.Invoke(row) ?? [])
        {
            Group(index, key).Add(name);
        }
    }

    private void Forget(string name, T row)
    {
        Ungroup(collections, Collection(name), name);
        foreach (var key in indexBy?.Invoke(row) ?? [])
        {
            Ungroup(index, key, name);
        }
    }

    private static SortedSet<string> Group(Dictionary<string, SortedSet<string>> groups, string key) =>
        groups.TryGetValue(key, out var names) ? names : groups[key] = new SortedSet<string>(StringComparer.Ordinal);

    private static void Ungroup(Dictionary<string, SortedSet<string>> groups, string key, string name)
    {
        if (groups.TryGetValue(key, out var names) && names.Remove(name) && names.Count == 0)
        {
            groups.Remove(key);
        }
    }

    private static string Collection(string name) => name.LastIndexOf('/') is var slash and > 0 ? name[..slash] : "";
}
