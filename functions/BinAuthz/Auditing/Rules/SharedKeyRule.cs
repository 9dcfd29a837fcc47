using BinAuthz.Attestations;
using BinAuthz.Auditing.Facts;
using BinAuthz.Keys;

namespace BinAuthz.Auditing.Rules;

/// <summary>Whether another environment's signatures count here: by the name of a key, or by its public key under another name.</summary>
internal static class SharedKeyRule
{
    /// <summary>BA207.</summary>
    public static RuleAssessment Shared(AuditRule rule, AuditFacts facts)
    {
        var own = facts.Request.Environment.Name;
        var subjects = facts.Attestors.Select(each => each.Subject.Attestor).ToHashSet();
        Attestor[] others = [.. facts.Policy.Neighbours.Or([]).Where(other => !subjects.Contains(other.Name) && EnvironmentIsolation.Owner(other.Name.Id) != own)];
        return RuleAssessment.All([
            RuleAssessment.Of(facts.Attestors.Select(each => each.Attestor), attestor => attestor?.Keys.Select(key => Judge(rule, own, others, attestor, key)).OfType<AuditFinding>().DistinctBy(finding => finding.Resource) ?? []),
            RuleAssessment.Of(facts.Policy.Neighbours, _ => []),
        ]);
    }

    private static AuditFinding? Judge(AuditRule rule, string own, Attestor[] others, Attestor attestor, AttestorKey key)
    {
        Attestor[] sharing = [.. others.Where(other => other.Keys.Any(theirs => IsSame(key, theirs)))];
        var owner = KeyVersionName.TryParsePublicKeyId(key.Id, out var version) ? EnvironmentIsolation.Owner(version.Key.KeyRing) : null;
        string[] reasons =
        [
            .. owner is not null && owner != own ? [$"{version} is a version of a key of {owner}"] : Array.Empty<string>(),
            .. sharing.Select(other => EnvironmentIsolation.Owner(other.Name.Id) is { } theirs ? $"{other.Name} of {theirs} trusts the same key" : $"{other.Name}, whose name tells of no environment, trusts the same key"),
        ];
        if (reasons.Length == 0)
        {
            return null;
        }

        var isTold = (owner is not null && owner != own) || sharing.Any(other => EnvironmentIsolation.Owner(other.Name.Id) is not null);
        return rule.Finding(TrustedKey.ResourceOf(attestor, key), $"{attestor.Name} trusts {key.Id}: {string.Join("; ", reasons)}.") with
        {
            Severity = isTold ? rule.Severity : AuditSeverity.High,
            Evidence = [.. sharing.Select(other => new EvidenceLink("attestor", other.Name.ToString()))],
        };
    }

    private static bool IsSame(AttestorKey one, AttestorKey other) => one.Id == other.Id || PublicKeyBytes.AreSame(one.Pem, other.Pem);
}
