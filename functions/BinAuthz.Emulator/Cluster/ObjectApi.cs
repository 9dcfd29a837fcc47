using System.Globalization;
using System.Text.Json.Nodes;
using BinAuthz.Emulator.Storage;

namespace BinAuthz.Emulator.Cluster;

/// <summary>The verbs of the API on objects. The caller holds the cluster's gate.</summary>
internal sealed class ObjectApi(ObjectWriter writer, Workloads workloads)
{
    private const string Strategic = "application/strategic-merge-patch+json";
    private const string Merge = "application/merge-patch+json";

    /// <summary>Answers everything but watches.</summary>
    /// <exception cref="StatusException">What is wrong.</exception>
    public (int Status, JsonObject Body) Answer(ApiCall call) => (call.Http.Method, call.Path.Name.Length > 0) switch
    {
        ("GET", false) => (200, List(call)),
        ("GET", true) => (200, Read(call)),
        ("POST", false) when call.Path.Scope.Length > 0 == call.Path.Kind.Namespaced => (201, Create(call)),
        ("PUT", true) => (200, Update(call, "update", call.RequireBody())),
        ("PATCH", true) => (200, Patch(call)),
        ("DELETE", true) when call.Path.Subresource.Length == 0 => (200, Delete(call)),
        _ => throw StatusException.MethodNotAllowed(),
    };

    /// <summary>A list, or rows to print.</summary>
    public static JsonObject ListOf(ApiCall call, IReadOnlyList<JsonObject> rows)
    {
        var version = call.Cluster.Revision.ToString(CultureInfo.InvariantCulture);
        return call.WantsTable
            ? ObjectTable.Of(call, rows, version)
            : new JsonObject
            {
                ["kind"] = $"{call.Path.Kind}List",
                ["apiVersion"] = call.Path.Kind.ApiVersion,
                ["metadata"] = new JsonObject { ["resourceVersion"] = version },
                ["items"] = new JsonArray([.. rows.Select(row => row.DeepClone())]),
            };
    }

    private static JsonObject List(ApiCall call)
    {
        var selector = call.Selector;
        return ListOf(call, [.. call.Cluster.List(call.Path.Kind, call.Path.Scope).Where(selector.Matches)]);
    }

    private static JsonObject Read(ApiCall call)
    {
        var row = call.Cluster.Get(call.Path.Kind, call.Path.Scope, call.Path.Name);
        return call.Path.Subresource switch
        {
            "" or "status" or "ephemeralcontainers" => call.WantsTable ? ObjectTable.Of(call, [row], row.Text("metadata", "resourceVersion")) : row,
            "scale" when call.Path.Kind.Scales => ScaleOf(row),
            "log" when call.Path.Kind == KubernetesKinds.Pod => throw StatusException.BadRequest($"no container runs in an emulated cluster: pod \"{row.Name()}\" has no log"),
            _ => throw StatusException.NoSuchPath(),
        };
    }

    private JsonObject Create(ApiCall call)
    {
        var created = writer.Create(call.Cluster, call.Caller, call.Path.Kind, call.Path.Scope, call.RequireBody(), call.DryRun);
        Follow(call, created);
        return created;
    }

    private JsonObject Patch(ApiCall call)
    {
        var row = call.Cluster.Get(call.Path.Kind, call.Path.Scope, call.Path.Name);
        var target = call.Path.Subresource == "scale" && call.Path.Kind.Scales ? ScaleOf(row) : row.Copy();
        switch (call.ContentType)
        {
            case Strategic:
                StrategicMerge.Apply(target, call.RequireBody());
                break;
            case Merge:
                JsonMerge.Apply(target, call.RequireBody());
                break;
            default:
                throw StatusException.UnsupportedMediaType($"the body of the request was in an unknown format ({call.ContentType}) - accepted media types include: {Merge}, {Strategic}");
        }

        return Update(call, "patch", target);
    }

    private JsonObject Update(ApiCall call, string verb, JsonObject wanted)
    {
        var (kind, scope, name, subresource) = call.Path;
        var row = call.Cluster.Get(kind, scope, name);
        var scales = subresource == "scale" && kind.Scales;
        if (scales)
        {
            var scaled = row.Copy();
            scaled.Child("spec")["replicas"] = wanted.Number("spec", "replicas") ?? 0;
            wanted = scaled;
        }
        else if (subresource.Length > 0 && !(subresource == "ephemeralcontainers" && kind == KubernetesKinds.Pod))
        {
            throw StatusException.NoSuchPath();
        }

        var request = verb == "patch" ? call.RequireBody() : wanted;
        var updated = writer.Update(call.Cluster, new RequestedChange(call.Caller, verb, kind, scope, name, subresource, request), row, wanted, call.DryRun);
        Follow(call, updated);
        return scales ? ScaleOf(updated) : updated;
    }

    private JsonObject Delete(ApiCall call)
    {
        var (kind, scope, name, _) = call.Path;
        var row = call.Cluster.Get(kind, scope, name);
        if (call.Body.Text("preconditions", "uid") is { Length: > 0 } uid && uid != row.Uid())
        {
            throw StatusException.Conflict(kind, name, $"Precondition failed: UID in precondition: {uid}, UID in object meta: {row.Uid()}");
        }

        if (kind == KubernetesKinds.Namespace && name is "default" or "kube-system" or "kube-public")
        {
            throw StatusException.Forbidden(kind, name, "this namespace may not be deleted");
        }

        var status = writer.Delete(call.Cluster, new RequestedChange(call.Caller, "delete", kind, scope, name, "", call.Body ?? new JsonObject()), row, call.DryRun);
        if (!call.DryRun)
        {
            DeleteDependents(call.Cluster, kind, row, orphan: call.Option("propagationPolicy") == "Orphan");
            workloads.Changed(call.Cluster, kind, row);
        }

        return status;
    }

    private static void DeleteDependents(ClusterState cluster, KubernetesKind owner, JsonObject row, bool orphan)
    {
        foreach (var kind in KubernetesKinds.All.Where(kind => kind.Namespaced))
        {
            var isNamespace = owner == KubernetesKinds.Namespace;
            foreach (var dependent in cluster.List(kind, isNamespace ? row.Name() : row.Namespace()))
            {
                if (isNamespace)
                {
                    cluster.Remove(kind, dependent);
                }
                else if (dependent.Items("metadata", "ownerReferences").Any(reference => reference.Text("uid") == row.Uid()))
                {
                    Release(cluster, kind, dependent, orphan);
                }
            }
        }
    }

    private static void Release(ClusterState cluster, KubernetesKind kind, JsonObject dependent, bool orphan)
    {
        if (orphan)
        {
            var orphaned = dependent.Copy();
            orphaned.Child("metadata").Remove("ownerReferences");
            cluster.Put(kind, orphaned);
        }
        else
        {
            cluster.Remove(kind, dependent);
            DeleteDependents(cluster, kind, dependent, orphan: false);
        }
    }

    private void Follow(ApiCall call, JsonObject row)
    {
        if (!call.DryRun)
        {
            workloads.Changed(call.Cluster, call.Path.Kind, row);
        }
    }

    private static JsonObject ScaleOf(JsonObject row) => new()
    {
        ["kind"] = "Scale",
        ["apiVersion"] = "autoscaling/v1",
        ["metadata"] = new JsonObject
        {
            ["name"] = row.Name(),
            ["namespace"] = row.Namespace(),
            ["uid"] = row.Uid(),
            ["resourceVersion"] = row.Text("metadata", "resourceVersion"),
            ["creationTimestamp"] = row.Text("metadata", "creationTimestamp"),
        },
        ["spec"] = new JsonObject { ["replicas"] = row.Number("spec", "replicas") ?? 0 },
        ["status"] = new JsonObject { ["replicas"] = row.Number("status", "replicas") ?? 0 },
    };
}
