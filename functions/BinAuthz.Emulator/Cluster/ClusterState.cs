using System.Globalization;
using System.Text.Json.Nodes;
using BinAuthz.Emulator.State;
using Google.Protobuf.WellKnownTypes;

namespace BinAuthz.Emulator.Cluster;

/// <summary>
/// The objects of one cluster. Whoever reads or changes them holds <see cref="Gate"/>. A stored object is never changed:
/// a changed copy takes its place.
/// </summary>
internal sealed class ClusterState(ClusterName name, Journal journal)
{
    private const int HistoryLength = 20_000;

    private readonly Dictionary<KubernetesKind, SortedDictionary<string, JsonObject>> kinds = [];
    private readonly Queue<ObjectChange> history = new();
    private readonly List<Action<ObjectChange>> watchers = [];

    public ClusterName Name => name;

    public Lock Gate { get; } = new();

    /// <summary>The resource version of the whole cluster.</summary>
    public long Revision { get; private set; }

    /// <summary>Whether nothing was ever stored.</summary>
    public bool IsNew => Revision == 0;

    public JsonObject? Find(KubernetesKind kind, string scope, string name) => Rows(kind).GetValueOrDefault(Key(scope, name));

    /// <exception cref="StatusException">404.</exception>
    public JsonObject Get(KubernetesKind kind, string scope, string name) => Find(kind, scope, name) ?? throw StatusException.NotFound(kind, name);

    /// <summary>The objects of a namespace, or of all when none is named, ordered by namespace and name.</summary>
    public IReadOnlyList<JsonObject> List(KubernetesKind kind, string scope) =>
        [.. Rows(kind).Values.Where(row => scope.Length == 0 || row.Namespace() == scope)];

    /// <summary>Stores an object and gives it the next resource version.</summary>
    /// <returns>The object as it is stored.</returns>
    public JsonObject Put(KubernetesKind kind, JsonObject row)
    {
        var stored = row.Copy();
        Revision++;
        stored.Child("metadata")["resourceVersion"] = Revision.ToString(CultureInfo.InvariantCulture);
        var before = Find(kind, stored.Namespace(), stored.Name());
        Rows(kind)[Key(stored.Namespace(), stored.Name())] = stored;
        journal.Put(Clusters.JournalKind, JournalName(kind, stored), new StringValue { Value = stored.ToJsonString() });
        Tell(new ObjectChange(Revision, kind, before, stored));
        return stored;
    }

    public void Remove(KubernetesKind kind, JsonObject row)
    {
        if (Rows(kind).Remove(Key(row.Namespace(), row.Name()), out var before))
        {
            Revision++;
            journal.Remove(Clusters.JournalKind, JournalName(kind, before));
            Tell(new ObjectChange(Revision, kind, before, null));
        }
    }

    /// <summary>Takes back what an earlier run left.</summary>
    public void Restore(KubernetesKind kind, JsonObject row)
    {
        Rows(kind)[Key(row.Namespace(), row.Name())] = row;
        Revision = Math.Max(Revision, long.TryParse(row.Text("metadata", "resourceVersion"), NumberStyles.None, CultureInfo.InvariantCulture, out var revision) ? revision : 0);
    }

    /// <summary>The changes after a resource version.</summary>
    /// <exception cref="StatusException">410: they are no longer known.</exception>
    public IReadOnlyList<ObjectChange> Since(long revision)
    {
        var known = history.TryPeek(out var oldest) ? oldest.Revision - 1 : Revision;
        return revision >= known ? [.. history.Where(change => change.Revision > revision)] : throw StatusException.Expired(revision);
    }

    /// <summary>Tells <paramref name="watcher"/> of every change, inside the gate, until it is removed.</summary>
    public void AddWatcher(Action<ObjectChange> watcher) => watchers.Add(watcher);

    public void RemoveWatcher(Action<ObjectChange> watcher) => watchers.Remove(watcher);

    private void Tell(ObjectChange change)
    {
        history.Enqueue(change);
        if (history.Count > HistoryLength)
        {
            history.Dequeue();
        }

        watchers.ForEach(watcher => watcher(change));
    }

    private SortedDictionary<string, JsonObject> Rows(KubernetesKind kind) =>
        kinds.TryGetValue(kind, out var rows) ? rows : kinds[kind] = new SortedDictionary<string, JsonObject>(StringComparer.Ordinal);

    private string JournalName(KubernetesKind kind, JsonObject row) => $"{name}|{kind.Group}|{kind.Plural}|{Key(row.Namespace(), row.Name())}";

    private static string Key(string scope, string name) => $"{scope}/{name}";
}
