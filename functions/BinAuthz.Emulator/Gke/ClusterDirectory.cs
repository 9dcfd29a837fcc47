using BinAuthz.Emulator.Cluster;
using BinAuthz.Emulator.State;
using Google.Protobuf.WellKnownTypes;

namespace BinAuthz.Emulator.Gke;

/// <summary>The clusters that were made by the GKE API, with their evaluation modes, and those that the Kubernetes API was asked of.</summary>
internal sealed class ClusterDirectory : IJournalled
{
    private const string JournalKind = "gke-cluster";
    private readonly Lock gate = new();
    private readonly SortedDictionary<string, string> modes = new(StringComparer.Ordinal);
    private readonly Clusters kubernetes;
    private readonly EmulatorSwitches switches;
    private readonly Journal journal;

    public ClusterDirectory(EmulatorStore store, Clusters kubernetes, EmulatorSwitches switches)
    {
        this.kubernetes = kubernetes;
        this.switches = switches;
        journal = store.Attach(this);
    }

    string IJournalled.Kind => JournalKind;

    /// <summary>How a cluster evaluates: as it was made, or as the switch says.</summary>
    public string ModeOf(ClusterName name)
    {
        lock (gate)
        {
            return modes.GetValueOrDefault(name.ToString(), switches.ClusterEvaluationMode);
        }
    }

    /// <summary>Makes a cluster.</summary>
    /// <returns>False: there is one of that name.</returns>
    public bool Add(ClusterName name, string mode)
    {
        lock (gate)
        {
            if (!modes.TryAdd(name.ToString(), mode))
            {
                return false;
            }

            journal.Put(JournalKind, name.ToString(), new StringValue { Value = mode });
            return true;
        }
    }

    /// <summary>The clusters of a project; of one location unless that is <c>-</c>.</summary>
    public IReadOnlyList<ClusterName> List(string project, string location)
    {
        lock (gate)
        {
            return
            [
                .. modes.Keys.Select(ClusterName.Parse).OfType<ClusterName>().Union(kubernetes.All.Select(cluster => cluster.Name))
                    .Where(name => name.Project == project && (location == "-" || name.Location == location)),
            ];
        }
    }

    void IJournalled.Restore(string name, byte[] value) => modes[name] = StringValue.Parser.ParseFrom(value).Value;
}
