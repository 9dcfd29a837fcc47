using System.Text.Json.Nodes;

namespace BinAuthz.Emulator.Cluster;

/// <summary>A change as the audit log tells it.</summary>
/// <param name="Caller">Who asks.</param>
/// <param name="Verb">create, update, patch or delete.</param>
/// <param name="Kind">The kind of the object.</param>
/// <param name="Scope">Its namespace; empty for kinds without.</param>
/// <param name="Name">Its name as it was asked for; empty when the server makes one.</param>
/// <param name="Subresource">Such as <c>ephemeralcontainers</c>; empty for the object itself.</param>
/// <param name="Request">What was sent.</param>
internal sealed record RequestedChange(Caller Caller, string Verb, KubernetesKind Kind, string Scope, string Name, string Subresource, JsonObject Request)
{
    /// <summary>Such as <c>io.k8s.core.v1.pods.create</c>.</summary>
    public string Method => $"io.k8s.{Kind.AuditGroup}.v1.{Kind.Plural}{(Subresource.Length == 0 ? "" : $".{Subresource}")}.{Verb}";

    /// <summary>Such as <c>core/v1/namespaces/default/pods/web</c>.</summary>
    public string ResourceName =>
        $"{Kind.AuditGroup}/v1/{(Scope.Length == 0 ? "" : $"namespaces/{Scope}/")}{Kind.Plural}{(Name.Length == 0 ? "" : $"/{Name}")}{(Subresource.Length == 0 ? "" : $"/{Subresource}")}";
}
