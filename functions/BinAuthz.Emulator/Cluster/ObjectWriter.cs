using System.Text.Json.Nodes;

namespace BinAuthz.Emulator.Cluster;

/// <summary>Creates, changes and deletes objects as the API server does: defaults, rules, admission of pods, audit log. The caller holds the cluster's gate.</summary>
internal sealed class ObjectWriter(PodAdmission admission, AuditTrail audit, TimeProvider time)
{
    private static readonly string[] ServerFields = ["uid", "resourceVersion", "creationTimestamp", "generation", "managedFields", "selfLink", "deletionTimestamp"];

    /// <summary>Creates an object.</summary>
    /// <param name="cluster">Where.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="kind">The kind.</param>
    /// <param name="scope">The namespace; empty for kinds without.</param>
    /// <param name="body">As it was sent.</param>
    /// <param name="dryRun">Whether nothing is stored.</param>
    /// <returns>As it is stored.</returns>
    /// <exception cref="StatusException">400, 403, 404, 409 or 422.</exception>
    public JsonObject Create(ClusterState cluster, Caller caller, KubernetesKind kind, string scope, JsonObject body, bool dryRun)
    {
        var request = Request(cluster, kind, scope, body);
        var row = request.Copy();
        var metadata = row.Child("metadata");
        if (row.Name().Length == 0)
        {
            metadata["name"] = metadata.Text("generateName") is { Length: > 0 } prefix
                ? prefix + SafeNames.Random(5)
                : throw StatusException.Invalid(kind, "", "metadata.name", "Required value: name or generateName is required");
        }

        metadata["uid"] = Guid.NewGuid().ToString();
        metadata["creationTimestamp"] = Clusters.Time(time.GetUtcNow());
        metadata["generation"] = 1;
        ObjectDefaults.Apply(kind, row);
        ObjectRules.Check(kind, row);
        if (kind == KubernetesKinds.Pod)
        {
            row["status"] = PodLife.Pending();
        }

        var change = new RequestedChange(caller, "create", kind, scope, request.Name(), "", request);
        var verdict = kind == KubernetesKinds.Pod ? Judge(cluster, change, row) : null;
        if (cluster.Find(kind, scope, row.Name()) is not null)
        {
            throw StatusException.AlreadyExists(kind, row.Name());
        }

        var stored = dryRun ? row : cluster.Put(kind, row);
        audit.Done(cluster.Name, change, stored, verdict);
        return stored;
    }

    /// <summary>Replaces an object.</summary>
    /// <param name="cluster">Where.</param>
    /// <param name="change">Who asks for what.</param>
    /// <param name="current">As it is stored.</param>
    /// <param name="wanted">As it shall be.</param>
    /// <param name="dryRun">Whether nothing is stored.</param>
    /// <returns>As it is stored.</returns>
    /// <exception cref="StatusException">400, 403, 409 or 422.</exception>
    public JsonObject Update(ClusterState cluster, RequestedChange change, JsonObject current, JsonObject wanted, bool dryRun)
    {
        var kind = change.Kind;
        var row = wanted.Copy();
        if (row.Name() != current.Name())
        {
            throw StatusException.BadRequest($"the name of the object ({row.Name()}) does not match the name on the URL ({current.Name()})");
        }

        if (row.Text("metadata", "resourceVersion") is { Length: > 0 } version && version != current.Text("metadata", "resourceVersion"))
        {
            throw StatusException.Conflict(kind, row.Name(), "the object has been modified; please apply your changes to the latest version and try again");
        }

        KeepServerFields(current, row);
        ObjectDefaults.Apply(kind, row);
        ObjectRules.Check(kind, row);
        ObjectRules.CheckUpdate(kind, change.Subresource, current, row);
        if (!JsonNode.DeepEquals(current["spec"], row["spec"]))
        {
            row.Child("metadata")["generation"] = (current.Number("metadata", "generation") ?? 0) + 1;
        }

        var verdict = kind == KubernetesKinds.Pod && !PodSpec.ImagesByContainer(current).SequenceEqual(PodSpec.ImagesByContainer(row)) ? Judge(cluster, change, row) : null;
        var stored = dryRun || JsonNode.DeepEquals(current, row) ? row : cluster.Put(kind, row);
        audit.Done(cluster.Name, change, stored, verdict);
        return stored;
    }

    /// <summary>Deletes one object, not what hangs on it.</summary>
    /// <returns>The Status that tells so.</returns>
    public JsonObject Delete(ClusterState cluster, RequestedChange change, JsonObject row, bool dryRun)
    {
        if (!dryRun)
        {
            cluster.Remove(change.Kind, row);
        }

        var details = new JsonObject { ["name"] = row.Name(), ["kind"] = change.Kind.Plural, ["uid"] = row.Uid() };
        if (change.Kind.Group.Length > 0)
        {
            details["group"] = change.Kind.Group;
        }

        var status = new JsonObject { ["kind"] = "Status", ["apiVersion"] = "v1", ["metadata"] = new JsonObject(), ["status"] = "Success", ["details"] = details };
        audit.Done(cluster.Name, change, status, verdict: null);
        return status;
    }

    private PodVerdict Judge(ClusterState cluster, RequestedChange change, JsonObject pod)
    {
        var verdict = admission.Judge(cluster.Name, pod);
        if (verdict.Admitted)
        {
            return verdict;
        }

        var refusal = StatusException.ViolatesPolicy(change.Name, verdict.Denial);
        audit.Refused(cluster.Name, change, refusal);
        throw refusal;
    }

    // What was sent as the audit log tells it: completed, without what only the server says.
    private static JsonObject Request(ClusterState cluster, KubernetesKind kind, string scope, JsonObject body)
    {
        if (body.Text("kind") != kind.Kind || body.Text("apiVersion") != kind.ApiVersion)
        {
            throw StatusException.BadRequest($"the API version in the data ({body.Text("apiVersion")}, Kind={body.Text("kind")}) does not match the expected API version ({kind.ApiVersion}, Kind={kind})");
        }

        if (body.Namespace() is { Length: > 0 } other && other != scope)
        {
            throw StatusException.BadRequest($"the namespace of the provided object does not match the namespace sent on the request ({other} and {scope})");
        }

        if (kind.Namespaced)
        {
            cluster.Get(KubernetesKinds.Namespace, "", scope);
        }

        var request = body.Copy();
        var metadata = request.Child("metadata");
        ServerFields.ToList().ForEach(field => metadata.Remove(field));
        if (kind.Namespaced)
        {
            metadata["namespace"] = scope;
        }

        request.Remove("status");
        ObjectDefaults.Apply(kind, request);
        if (kind == KubernetesKinds.Pod || KubernetesKinds.Workloads.Contains(kind))
        {
            request["status"] = new JsonObject();
        }

        return request;
    }

    private static void KeepServerFields(JsonObject current, JsonObject row)
    {
        var metadata = row.Child("metadata");
        foreach (var field in ServerFields.Append("namespace"))
        {
            metadata.Remove(field);
            if (current.At("metadata", field) is { } value)
            {
                metadata[field] = value.DeepClone();
            }
        }

        row.Remove("status");
        if (current["status"] is { } status)
        {
            row["status"] = status.DeepClone();
        }
    }
}
