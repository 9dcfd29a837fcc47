using BinAuthz.Auditing.Facts;
using BinAuthz.Denials;
using BinAuthz.GoogleCloud;

namespace BinAuthz.Auditing.Rules;

/// <summary>Whether signatures and attestations are recorded (docs: kms/docs/audit-logging, artifact-analysis/docs/artifact-analysis-audit-logging).</summary>
internal static class AuditLogRule
{
    public const string Signatures = "DATA_READ";
    public const string Attestations = "DATA_WRITE";

    /// <summary>Judges each project: that of a key, that of a note.</summary>
    public static RuleAssessment Judge(AuditRule rule, AuditFacts facts) => RuleAssessment.All(facts.Access.Of(IamResourceKind.Project).Select(project =>
        RuleAssessment.Of(project.Policy, policy => Judge(rule, facts.Access, project.Resource, policy))));

    private static IEnumerable<AuditFinding> Judge(AuditRule rule, AuditedAccess access, IamResource project, IamPolicy policy)
    {
        IEnumerable<AuditFinding> signatures = Has(access, project, IamResourceKind.Key) ? Judge(rule, project, policy, TrustChangeReader.KeyManagement, Signatures) : [];
        IEnumerable<AuditFinding> attestations = (Has(access, project, IamResourceKind.Note) || Has(access, project, IamResourceKind.Attestor)) ? Judge(rule, project, policy, TrustChangeReader.ContainerAnalysis, Attestations) : [];
        return signatures.Concat(attestations);
    }

    private static bool Has(AuditedAccess access, IamResource project, IamResourceKind kind) => access.Of(kind).Any(each => $"projects/{each.Resource.Owner}" == project.Name);

    private static IEnumerable<AuditFinding> Judge(AuditRule rule, IamResource project, IamPolicy policy, string service, string type)
    {
        var resource = $"{project}/auditConfigs/{service}/{type}";
        if (!policy.Records(service, type))
        {
            yield return rule.Finding(resource, $"{type} audit logs of {service} are off in {project}, unless a folder or the organization turns them on.") with { Remedy = Remedy(project, service, type) };
        }
        else if (policy.Exempted(service, type) is { Count: > 0 } exempted)
        {
            yield return rule.Finding(resource, $"{type} audit logs of {service} in {project} leave out the calls of {string.Join(", ", exempted)}.") with { Remedy = Remedy(project, service, type) };
        }
    }

    private static string Remedy(IamResource project, string service, string type) =>
        $"`{ShellCommand.Of("gcloud", "projects", "get-iam-policy", project.Owner, "--format=json")} > policy.json`, have {{\"service\": \"{service}\", \"auditLogConfigs\": [{{\"logType\": \"{type}\"}}]}} in its auditConfigs without exemptedMembers, and `{ShellCommand.Of("gcloud", "projects", "set-iam-policy", project.Owner, "policy.json")}`.";
}
