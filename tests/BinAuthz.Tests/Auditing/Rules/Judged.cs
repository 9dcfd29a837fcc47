using BinAuthz.Attestations;
using BinAuthz.Auditing;
using BinAuthz.Auditing.Facts;
using BinAuthz.Checkup;
using BinAuthz.GoogleCloud;
using BinAuthz.Keys;
using BinAuthz.Rotation;

namespace BinAuthz.Tests.Auditing.Rules;

/// <summary>The clean environment with one thing changed, and what a rule says of it.</summary>
internal static class Judged
{
    public static string KeyResource => ResourceOf(CleanFacts.Attestor.Keys[0].Id);

    public static AuditedAttestor Clean => CleanFacts.Facts.Attestors[0];

    public static AuditedVersion Version => ((Fact<IReadOnlyList<AuditedVersion>>.Known)Clean.Versions).Value[0];

    public static string ResourceOf(string keyId) => $"{CleanFacts.Subject.Attestor}#{keyId}";

    public static AuditFacts With(AuditedAttestor attestor) => CleanFacts.Facts with { Attestors = [attestor] };

    public static AuditFacts WithKeys(params AttestorKey[] keys) => With(Clean with { Attestor = CleanFacts.Known<Attestor?>(CleanFacts.Attestor with { Keys = keys }) });

    public static AuditFacts WithKey(Func<AttestorKey, AttestorKey> change) => WithKeys(change(CleanFacts.Attestor.Keys[0]));

    public static AuditFacts WithVersion(Func<KeyVersionDescription, KeyVersionDescription> change) => WithVersions(Version with { Description = change(Version.Description) });

    public static AuditFacts WithVersions(params AuditedVersion[] versions) => With(Clean with { Versions = CleanFacts.Known<IReadOnlyList<AuditedVersion>>(versions) });

    public static AuditFacts WithOptions(Action<AuditOptions> change, AuditFacts? facts = null)
    {
        var options = new AuditOptions();
        change(options);
        facts ??= CleanFacts.Facts;
        return facts with { Request = facts.Request with { Options = options } };
    }

    public static AuditedAttestor WithRecords(AuditedAttestor attestor, params KeyRecord[] records) => attestor with { Records = CleanFacts.Known<IReadOnlyList<KeyRecord>>(records) };

    public static RuleAssessment Judge(string id, AuditFacts facts)
    {
        var rule = AuditRules.All.Single(each => each.Id == id);
        return rule.Judge(rule, facts);
    }

    public static IReadOnlyList<AuditFinding> Found(string id, AuditFacts facts) => Assert.IsType<RuleAssessment.Assessed>(Judge(id, facts)).Findings;

    /// <summary>The one finding of a rule, after its id, severity and resource were checked.</summary>
    public static AuditFinding Single(string id, AuditFacts facts, AuditSeverity severity, string resource)
    {
        var finding = Assert.Single(Found(id, facts));
        Assert.Equal((id, severity, resource), (finding.Rule, finding.Severity, finding.Resource));
        Assert.NotEmpty(finding.Remedy);
        return finding;
    }

    /// <summary>Asserts that the rule was not assessed, because of what <see cref="CleanFacts.Unknown{T}"/> says.</summary>
    public static IReadOnlyList<AuditFinding> NotAssessed(string id, AuditFacts facts)
    {
        var not = Assert.IsType<RuleAssessment.NotAssessed>(Judge(id, facts));
        Assert.Equal(("PERMISSION_DENIED: not allowed", "Grant it."), (not.Reason, not.Remedy));
        return not.Findings;
    }
}
