using Microsoft.AspNetCore.Http;

namespace BinAuthz.Emulator.Cluster;

/// <summary>Who asks the API server.</summary>
/// <param name="Principal">An e-mail address, or the name of a Kubernetes service account.</param>
/// <param name="Agent">The User-Agent.</param>
/// <param name="Address">The IP address.</param>
/// <param name="Authorization">Why the call is authorized.</param>
internal sealed record Caller(string Principal, string Agent, string Address, string Authorization)
{
    private const string KubernetesVersion = $"v{ApiDiscovery.MinorVersion}.2 (linux/amd64) kubernetes/emulator";

    /// <summary>The caller of a request. kubectl sends no token over HTTP, but whom it impersonates (<c>--as</c>).</summary>
    public static Caller Of(HttpRequest request) => new(
        request.Headers["Impersonate-User"].ToString() is { Length: > 0 } user ? user : Hosting.Principal.Of(request),
        request.Headers.UserAgent.ToString(),
        request.HttpContext.Connection.RemoteIpAddress?.ToString() ?? "",
        "access granted by IAM permissions.");

    /// <summary>A controller of the control plane, such as <c>replicaset-controller</c>.</summary>
    public static Caller Controller(string name) => new(
        $"system:serviceaccount:kube-system:{name}",
        $"kube-controller-manager/{KubernetesVersion}/system:serviceaccount:kube-system:{name}",
        "127.0.0.1",
        $"RBAC: allowed by ClusterRoleBinding \"system:controller:{name}\" of ClusterRole \"system:controller:{name}\" to ServiceAccount \"{name}/kube-system\"");
}
