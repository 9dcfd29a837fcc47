namespace BinAuthz.Admission;

/// <summary>What decided on an image.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Key">The pattern, or the key in the map of rules; empty for the default rule.</param>
internal sealed record AdmissionBasis(AdmissionRuleKind Kind, string Key)
{
    /// <summary>In words for people.</summary>
    public override string ToString() => Kind switch
    {
        AdmissionRuleKind.SystemPolicy => $"the system policy's pattern {Key}",
        AdmissionRuleKind.AllowList => $"the allow-list pattern {Key}",
        AdmissionRuleKind.Cluster => $"the rule of cluster {Key}",
        AdmissionRuleKind.Namespace => $"the rule of namespace {Key}",
        AdmissionRuleKind.ServiceAccount => $"the rule of service account {Key}",
        AdmissionRuleKind.IstioIdentity => $"the rule of Istio identity {Key}",
        _ => "the default rule",
    };

    /// <summary>
    /// As GKE's messages name it. The words for the default and for cluster rules are from real messages; those for the other
    /// rules are formed alike.
    /// </summary>
    public string Words => Kind switch
    {
        AdmissionRuleKind.Cluster => $"cluster admission rule for {Key}",
        AdmissionRuleKind.Namespace => $"kubernetes namespace admission rule for {Key}",
        AdmissionRuleKind.ServiceAccount => $"kubernetes service account admission rule for {Key}",
        AdmissionRuleKind.IstioIdentity => $"istio service identity admission rule for {Key}",
        _ => "default admission rule",
    };
}
