using System.Globalization;
using System.Text.Json.Nodes;
using BinAuthz.Emulator.State;
using Google.Protobuf.WellKnownTypes;

namespace BinAuthz.Emulator.Cluster;

/// <summary>The clusters of every project. A cluster exists from when it is first asked for.</summary>
internal sealed class Clusters : IJournalled
{
    /// <summary>Under which the journal keeps the objects.</summary>
    public const string JournalKind = "kubernetes-object";

    private static readonly string[] InitialNamespaces = ["default", "kube-node-lease", "kube-public", "kube-system"];

    private readonly Lock gate = new();
    private readonly Dictionary<ClusterName, ClusterState> clusters = [];
    private readonly Journal? journal;
    private readonly TimeProvider time;
    private readonly List<(string Name, byte[] Value)> restored = [];

    public Clusters(EmulatorStore store, TimeProvider time)
    {
        this.time = time;
        journal = store.Attach(this);
        foreach (var (name, value) in restored)
        {
            Restore(name, StringValue.Parser.ParseFrom(value).Value);
        }

        restored.Clear();
    }

    string IJournalled.Kind => JournalKind;

    public IReadOnlyList<ClusterState> All
    {
        get
        {
            lock (gate)
            {
                return [.. clusters.Values];
            }
        }
    }

    public ClusterState Get(ClusterName name)
    {
        lock (gate)
        {
            var cluster = Find(name);
            if (cluster.IsNew)
            {
                CreateNamespaces(cluster);
            }

            return cluster;
        }
    }

    // The journal is known only after everything was restored from it.
    void IJournalled.Restore(string name, byte[] value) => restored.Add((name, value));

    private void Restore(string name, string json)
    {
        if (name.Split('|') is [var cluster, var group, var plural, _] && ClusterName.Parse(cluster) is { } of && KubernetesKinds.Find(group, plural) is { } kind)
        {
            Find(of).Restore(kind, JsonNode.Parse(json)!.AsObject());
        }
    }

    private ClusterState Find(ClusterName name) => clusters.TryGetValue(name, out var known) ? known : clusters[name] = new ClusterState(name, journal!);

    private void CreateNamespaces(ClusterState cluster)
    {
        lock (cluster.Gate)
        {
            foreach (var name in InitialNamespaces)
            {
                cluster.Put(KubernetesKinds.Namespace, new JsonObject
                {
                    ["apiVersion"] = "v1",
                    ["kind"] = "Namespace",
                    ["metadata"] = new JsonObject
                    {
                        ["name"] = name,
                        ["uid"] = Guid.NewGuid().ToString(),
                        ["creationTimestamp"] = Time(time.GetUtcNow()),
                        ["labels"] = new JsonObject { ["kubernetes.io/metadata.name"] = name },
                    },
                    ["spec"] = new JsonObject { ["finalizers"] = new JsonArray("kubernetes") },
                    ["status"] = new JsonObject { ["phase"] = "Active" },
                });
            }
        }
    }

    /// <summary>A time as Kubernetes writes it: to the second.</summary>
    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
