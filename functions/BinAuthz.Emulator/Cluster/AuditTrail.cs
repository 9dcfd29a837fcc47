using System.Text.Json.Nodes;
using BinAuthz.Emulator.Logging;
using Google.Api;
using Google.Cloud.Audit;
using Google.Cloud.Logging.Type;
using Google.Cloud.Logging.V2;
using Google.Protobuf.WellKnownTypes;

namespace BinAuthz.Emulator.Cluster;

/// <summary>
/// Writes the admin activity entries of the API server: changes that were made, and pods that Binary Authorization
/// refused. Their shape is that of real entries of GKE. Whether Google logs a server-side dry run is not documented; it is logged here.
/// </summary>
internal sealed class AuditTrail(LogWriter logs, TimeProvider time)
{
    /// <summary>Tells of a change.</summary>
    /// <param name="cluster">Where.</param>
    /// <param name="change">What was asked for.</param>
    /// <param name="response">The object as it is answered.</param>
    /// <param name="verdict">Of a pod whose images were weighed.</param>
    public void Done(ClusterName cluster, RequestedChange change, JsonObject response, PodVerdict? verdict)
    {
        var entry = Entry(cluster, change, TypedObject(change.Kind, response), new Google.Rpc.Status(), granted: true);
        if (verdict is not null)
        {
            entry.Labels["pod-security.kubernetes.io/enforce-policy"] = "privileged:latest";
            foreach (var (name, value) in verdict.Annotations)
            {
                entry.Labels[$"{PodAdmission.Webhook}/{name}"] = value;
            }
        }

        if (verdict is { FailedOpen: true })
        {
            entry.Labels["failed-open.validating.webhook.admission.k8s.io/round_0_index_2"] = PodAdmission.Webhook;
        }

        logs.Write([entry]);
    }

    /// <summary>Tells of a pod that was refused.</summary>
    public void Refused(ClusterName cluster, RequestedChange change, StatusException refusal)
    {
        var status = refusal.ToStatus();
        status["@type"] = "core.k8s.io/v1.Status";
        var entry = Entry(cluster, change, status, new Google.Rpc.Status { Code = (int)Grpc.Core.StatusCode.PermissionDenied, Message = "Forbidden" }, granted: false);
        entry.Severity = LogSeverity.Error;
        logs.Write([entry]);
    }

    private LogEntry Entry(ClusterName cluster, RequestedChange change, JsonObject response, Google.Rpc.Status status, bool granted)
    {
        var id = Guid.NewGuid().ToString();
        return new LogEntry
        {
            LogName = $"projects/{cluster.Project}/logs/cloudaudit.googleapis.com%2Factivity",
            InsertId = id,
            Timestamp = Timestamp.FromDateTimeOffset(time.GetUtcNow()),
            Operation = new LogEntryOperation { Id = id, Producer = "k8s.io", First = true, Last = true },
            Labels = { ["authorization.k8s.io/decision"] = "allow", ["authorization.k8s.io/reason"] = change.Caller.Authorization },
            Resource = new MonitoredResource { Type = "k8s_cluster", Labels = { ["project_id"] = cluster.Project, ["location"] = cluster.Location, ["cluster_name"] = cluster.Name } },
            ProtoPayload = Any.Pack(new AuditLog
            {
                ServiceName = "k8s.io",
                MethodName = change.Method,
                ResourceName = change.ResourceName,
                Status = status,
                AuthenticationInfo = new AuthenticationInfo { PrincipalEmail = change.Caller.Principal },
                AuthorizationInfo = { new AuthorizationInfo { Permission = change.Method, Resource = change.ResourceName, Granted = granted } },
                RequestMetadata = new RequestMetadata { CallerIp = change.Caller.Address, CallerSuppliedUserAgent = change.Caller.Agent },
                Request = ToStruct(TypedObject(change.Kind, change.Request)),
                Response = ToStruct(response),
            }),
        };
    }

    private static JsonObject TypedObject(KubernetesKind kind, JsonObject row)
    {
        var typed = row.Copy();
        if (typed.Text("kind") is { Length: > 0 } name)
        {
            typed["@type"] = $"{(name == kind.Kind ? kind.AuditGroup : "core")}.k8s.io/v1.{name}";
        }

        return typed;
    }

    private static Struct ToStruct(JsonObject json) => Struct.Parser.ParseJson(json.ToJsonString());
}
