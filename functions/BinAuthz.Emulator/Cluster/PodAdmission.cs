using System.Text.Json.Nodes;
using BinAuthz.Emulator.BinaryAuthorization;
using Google.Cloud.BinaryAuthorization.V1;
using EnforcementMode = Google.Cloud.BinaryAuthorization.V1.AdmissionRule.Types.EnforcementMode;
using Rules = Google.Protobuf.Collections.MapField<string, Google.Cloud.BinaryAuthorization.V1.AdmissionRule>;

namespace BinAuthz.Emulator.Cluster;

/// <summary>Admission of pods by the policy of the cluster's project, as GKE's webhook for Binary Authorization asks for it.</summary>
internal sealed class PodAdmission(PolicyStore policies, ImageJudge images, EmulatorSwitches switches)
{
    /// <summary>The name of the webhook, which errors and log labels begin with.</summary>
    public const string Webhook = "imagepolicywebhook.image-policy.k8s.io";

    private const string BreakGlassLabel = "image-policy.k8s.io/break-glass";
    private const string BreakGlassAnnotation = "alpha.image-policy.k8s.io/break-glass";

    /// <summary>Weighs every image of a pod. Nothing is changed and nothing is logged.</summary>
    public PodVerdict Judge(ClusterName cluster, JsonObject pod)
    {
        if (switches.BinaryAuthorizationUnavailable)
        {
            return PodVerdict.Unchecked;
        }

        var policy = policies.Get($"projects/{cluster.Project}/policy");
        var (rule, ruleName) = Rule(policy, cluster, pod.Namespace(), PodSpec.ServiceAccount(pod));
        var denials = PodSpec.Images(pod)
            .Select(image => (Image: image, Denial: images.Denial(policy, cluster.Location, rule, ruleName, image)))
            .Where(each => each.Denial is not null).ToArray();
        var verdictText = string.Concat(denials.Select(each => $"'{each.Image}' : {each.Denial}\n"));
        if (BreaksGlass(pod))
        {
            return Overridden("break-glass", verdictText);
        }

        if (denials.Length == 0)
        {
            return PodVerdict.Conformant;
        }

        return rule.EnforcementMode == EnforcementMode.DryrunAuditLogOnly
            ? Overridden("dry-run", verdictText)
            : PodVerdict.Denied(string.Join(". ", denials.Select(each => each.Denial)));
    }

    private static PodVerdict Overridden(string how, string verdictText)
    {
        var annotations = new Dictionary<string, string> { [how] = "true" };
        if (verdictText.Length > 0)
        {
            annotations["overridden-verification-result"] = verdictText;
        }

        return PodVerdict.Overridden(annotations);
    }

    private static bool BreaksGlass(JsonObject pod) =>
        pod.Text("metadata", "labels", BreakGlassLabel) == "true" || pod.Text("metadata", "annotations", BreakGlassAnnotation) == "true";

    // A policy has specific rules of one kind only, so that there is no order among them. A specific rule replaces the default one.
    private static (AdmissionRule Rule, string Name) Rule(Policy policy, ClusterName cluster, string scope, string account) =>
        Find(policy.ClusterAdmissionRules, cluster.RuleKey, "cluster")
        ?? Find(policy.KubernetesNamespaceAdmissionRules, scope, "kubernetes namespace")
        ?? Find(policy.KubernetesServiceAccountAdmissionRules, $"{scope}:{account}", "kubernetes service account")
        ?? FindIdentity(policy.IstioServiceIdentityAdmissionRules, $"/ns/{scope}/sa/{account}")
        ?? (policy.DefaultAdmissionRule, "default admission rule");

    private static (AdmissionRule Rule, string Name)? Find(Rules rules, string key, string kind) =>
        rules.TryGetValue(key, out var rule) ? (rule, $"{kind} admission rule for {key}") : null;

    // The cluster is in whichever trust domain the policy names; of several, the first in the order of the alphabet.
    private static (AdmissionRule Rule, string Name)? FindIdentity(Rules rules, string identity) =>
        rules.Keys.Where(key => key.EndsWith(identity, StringComparison.Ordinal)).Order(StringComparer.Ordinal).FirstOrDefault() is { } key
            ? Find(rules, key, "istio service identity")
            : null;
}
