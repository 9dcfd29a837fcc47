using System.Text.RegularExpressions;
using Authz = Google.Cloud.BinaryAuthorization.V1;
using Rules = Google.Protobuf.Collections.MapField<string, Google.Cloud.BinaryAuthorization.V1.AdmissionRule>;

namespace BinAuthz.Policies;

/// <summary>One of the four kinds of specific rules; a policy uses one kind at most (proto: Policy).</summary>
/// <param name="Field">Its name in the document.</param>
/// <param name="Rules">The rules of a policy.</param>
/// <param name="Key">What a key looks like.</param>
/// <param name="Form">The same in words.</param>
/// <param name="FindingId">The id of the finding when a key looks otherwise.</param>
internal sealed partial record RuleMap(string Field, Func<Authz.Policy, Rules> Rules, Regex Key, string Form, string FindingId)
{
    /// <summary>All kinds.</summary>
    public static readonly IReadOnlyList<RuleMap> All =
    [
        new("clusterAdmissionRules", policy => policy.ClusterAdmissionRules, Cluster(), "LOCATION.CLUSTER, such as us-central1.prod (of a zonal cluster the zone: us-central1-a.prod)", "cluster-key-malformed"),
        new("istioServiceIdentityAdmissionRules", policy => policy.IstioServiceIdentityAdmissionRules, Istio(), "spiffe://DOMAIN/ns/NAMESPACE/sa/SERVICEACCOUNT, with or without the scheme", "istio-key-malformed"),
        new("kubernetesNamespaceAdmissionRules", policy => policy.KubernetesNamespaceAdmissionRules, Namespace(), "a namespace, such as payments", "namespace-key-malformed"),
        new("kubernetesServiceAccountAdmissionRules", policy => policy.KubernetesServiceAccountAdmissionRules, ServiceAccount(), "NAMESPACE:SERVICEACCOUNT, such as payments:deployer", "service-account-key-malformed"),
    ];

    /// <summary>Whether a text is LOCATION.CLUSTER.</summary>
    public static bool IsCluster(string key) => Cluster().IsMatch(key);

    /// <summary>The JSON path of a rule.</summary>
    public string Path(string key) => $"$.{Field}['{key}']";

    // A cluster's name: lower case letters, digits and dashes, starts with a letter, at most 40 (docs: clusters.create).
    [GeneratedRegex(@"\A[a-z]+(?:-[a-z]+)+[0-9]+(?:-[a-z])?\.[a-z](?:[a-z0-9-]{0,38}[a-z0-9])?\z")]
    private static partial Regex Cluster();

    [GeneratedRegex(@"\A(?:spiffe://)?[^/\s]+/ns/[^/\s]+/sa/[^/\s]+\z")]
    private static partial Regex Istio();

    [GeneratedRegex(@"\A[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\z")]
    private static partial Regex Namespace();

    [GeneratedRegex(@"\A[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?:[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?\z")]
    private static partial Regex ServiceAccount();
}
