using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;

namespace BinAuthz.Emulator.Cluster;

/// <summary>
/// Runs the controllers: at once after a change, and again with a growing delay while pods are refused. Source of the
/// delays: the rate limiter of Kubernetes' controllers, 5 ms doubled with each failure, at most 1000 s.
/// </summary>
internal sealed partial class Workloads(Clusters clusters, PodControllers pods, PodMaker maker, DeploymentController deployments, EmulatorSwitches switches, TimeProvider time, ILogger<Workloads> log) : IDisposable
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(5);

    private readonly Lock gate = new();
    private readonly Dictionary<Key, Failing> failing = [];
    private bool stopped;

    /// <summary>Reacts to an object that was created, changed or deleted. The caller holds the cluster's gate.</summary>
    public void Changed(ClusterState cluster, KubernetesKind kind, JsonObject row)
    {
        var exists = cluster.Find(kind, row.Namespace(), row.Name()) is not null;
        if (kind == KubernetesKinds.Pod && exists)
        {
            maker.Start(cluster, row);
        }
        else if (KubernetesKinds.Workloads.Contains(kind))
        {
            Reconcile(cluster, kind, row.Namespace(), row.Name());
        }

        if (!exists && row.Controller() is { } owner && KubernetesKinds.Workloads.FirstOrDefault(workload => workload.Kind == owner.Text("kind")) is { } ownerKind)
        {
            Reconcile(cluster, ownerKind, row.Namespace(), owner.Text("name"));
        }
    }

    /// <summary>Tries every refused pod of a cluster again now.</summary>
    /// <returns>How many workloads were tried.</returns>
    public int RetryNow(ClusterState cluster)
    {
        Key[] waiting;
        lock (gate)
        {
            waiting = [.. failing.Keys.Where(key => key.Cluster == cluster)];
        }

        lock (cluster.Gate)
        {
            foreach (var key in waiting)
            {
                Reconcile(cluster, key.Kind, key.Scope, key.Name);
            }
        }

        return waiting.Length;
    }

    /// <summary>Goes on where an earlier run ended.</summary>
    public void Resume()
    {
        foreach (var cluster in clusters.All)
        {
            lock (cluster.Gate)
            {
                foreach (var kind in KubernetesKinds.Workloads)
                {
                    foreach (var row in cluster.List(kind, ""))
                    {
                        Reconcile(cluster, kind, row.Namespace(), row.Name());
                    }
                }
            }
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            stopped = true;
            foreach (var timer in failing.Values.Select(failure => failure.Timer))
            {
                timer.Dispose();
            }

            failing.Clear();
        }
    }

    private void Reconcile(ClusterState cluster, KubernetesKind kind, string scope, string name)
    {
        if (cluster.Find(kind, scope, name) is not { } row)
        {
            Forget(new Key(cluster, kind, scope, name));
            return;
        }

        if (kind == KubernetesKinds.Deployment)
        {
            Roll(cluster, row);
            return;
        }

        SyncPods(cluster, kind, row);
        if (row.Controller() is { } owner && owner.Text("kind") == "Deployment")
        {
            Reconcile(cluster, KubernetesKinds.Deployment, scope, owner.Text("name"));
        }
    }

    private void Roll(ClusterState cluster, JsonObject deployment)
    {
        while (deployments.Step(cluster, deployment) is { Count: > 0 } scaled)
        {
            foreach (var set in scaled)
            {
                SyncPods(cluster, KubernetesKinds.ReplicaSet, set);
            }
        }

        deployments.UpdateStatus(cluster, deployment);
    }

    private void SyncPods(ClusterState cluster, KubernetesKind kind, JsonObject row)
    {
        var key = new Key(cluster, kind, row.Namespace(), row.Name());
        if (pods.Sync(cluster, kind, row))
        {
            Forget(key);
        }
        else
        {
            Schedule(key);
        }
    }

    private void Schedule(Key key)
    {
        lock (gate)
        {
            if (stopped)
            {
                return;
            }

            var failures = 0;
            if (failing.Remove(key, out var before))
            {
                before.Timer.Dispose();
                failures = before.Times;
            }

            // Beyond the thirtieth failure the delay would only overflow.
            var delay = TimeSpan.FromTicks(Math.Min(FirstDelay.Ticks << Math.Min(failures, 30), switches.LongestPodRetry.Ticks));
            failing[key] = new Failing(failures + 1, time.CreateTimer(Retry, key, delay, Timeout.InfiniteTimeSpan));
        }
    }

    private void Forget(Key key)
    {
        lock (gate)
        {
            if (failing.Remove(key, out var failure))
            {
                failure.Timer.Dispose();
            }
        }
    }

    private void Retry(object? state)
    {
        var key = (Key)state!;
        try
        {
            lock (key.Cluster.Gate)
            {
                lock (gate)
                {
                    if (stopped || !failing.ContainsKey(key))
                    {
                        return;
                    }
                }

                Reconcile(key.Cluster, key.Kind, key.Scope, key.Name);
            }
        }
#pragma warning disable CA1031 // Nobody else hears of what goes wrong on a timer, and it would end the process.
        catch (Exception error)
#pragma warning restore CA1031
        {
            RetryFailed(log, error, key.Kind.Kind, key.Name);
        }
    }

    [LoggerMessage(LogLevel.Error, "The controller of {Kind} {Name} failed.")]
    private static partial void RetryFailed(ILogger logger, Exception error, string kind, string name);

    private sealed record Key(ClusterState Cluster, KubernetesKind Kind, string Scope, string Name);

    private sealed record Failing(int Times, ITimer Timer);
}
