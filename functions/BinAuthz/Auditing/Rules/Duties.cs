using static BinAuthz.Auditing.Facts.WatchedPermission;
using static BinAuthz.GoogleCloud.IamResourceKind;

namespace BinAuthz.Auditing.Rules;

/// <summary>Whether signing, deciding what is trusted, and auditing are in different hands.</summary>
internal sealed class Duties
{
    private const string Signer = "sign";
    private const string Rotator = "change what is trusted";
    private const string Auditor = "audit";
    private const string Deleter = "delete evidence";

    private readonly ExpectedMembers expected;
    private readonly AccessAbility[] signing;
    private readonly AccessAbility[] changing;
    private readonly AccessAbility[] deleting;

    public Duties(ExpectedMembers expected, Func<ExpectedMembers, AccessAbility[]> trust)
    {
        this.expected = expected;
        signing =
        [
            new(Sign, Signer, AuditSeverity.High, [], Project, KeyRing, Key),
            new(Attach, Signer, AuditSeverity.High, [], Project, Note),
        ];
        changing = trust(expected);
        deleting =
        [
            new(DeleteObject, Deleter, AuditSeverity.High, [], Project, Bucket),
            new(UpdateBucket, Deleter, AuditSeverity.High, [], Project, Bucket),
        ];
    }

    /// <summary>The members with two duties: by what they may do, or because the options name them twice.</summary>
    public IEnumerable<AuditFinding> Judge(AuditRule rule, string project, IEnumerable<MemberAccess> access)
    {
        var held = access.GroupBy(each => each.Member, StringComparer.OrdinalIgnoreCase).ToDictionary(each => each.Key, each => each.ToArray(), StringComparer.OrdinalIgnoreCase);
        foreach (var member in held.Keys.Union(expected.Signers).Union(expected.Rotators).Union(expected.Auditors).Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.Ordinal))
        {
            string[] duties = [.. Of(member, held.GetValueOrDefault(member, []))];
            if (duties.Length > 1)
            {
                yield return rule.Finding(AccessFindings.Name($"projects/{project}", member), $"{member} may {string.Join(" and ", duties)}.") with { Severity = IamMember.Weigh(member, rule.Severity) };
            }
        }
    }

    // To attach alone makes nobody a signer, but an auditor must not even do that.
    private IEnumerable<string> Of(string member, MemberAccess[] held)
    {
        var audits = expected.Auditors.Contains(member);
        if (expected.Signers.Contains(member) || signing.Take(audits ? signing.Length : 1).Any(ability => held.Any(ability.IsHeld)))
        {
            yield return Signer;
        }

        if (expected.Rotators.Contains(member) || changing.Any(ability => held.Any(ability.IsHeld)))
        {
            yield return Rotator;
        }

        if (!audits)
        {
            yield break;
        }

        yield return Auditor;
        if (deleting.Any(ability => held.Any(ability.IsHeld)))
        {
            yield return Deleter;
        }
    }
}
