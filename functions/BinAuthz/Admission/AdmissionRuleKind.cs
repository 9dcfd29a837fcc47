namespace BinAuthz.Admission;

/// <summary>What can decide on an image, in the order in which it is asked.</summary>
internal enum AdmissionRuleKind
{
    /// <summary>A pattern of Google's system policy.</summary>
    SystemPolicy,

    /// <summary>A pattern of <c>admissionWhitelistPatterns</c>.</summary>
    AllowList,

    /// <summary>The rule of a cluster, <c>LOCATION.NAME</c>.</summary>
    Cluster,

    /// <summary>The rule of a namespace.</summary>
    Namespace,

    /// <summary>The rule of a service account, <c>namespace:name</c>.</summary>
    ServiceAccount,

    /// <summary>The rule of an Istio identity, <c>spiffe://domain/ns/namespace/sa/name</c>.</summary>
    IstioIdentity,

    /// <summary>The default rule.</summary>
    Default,
}
