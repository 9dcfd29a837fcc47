using BinAuthz.Auditing.Facts;
using BinAuthz.Denials;
using BinAuthz.GoogleCloud;
using static BinAuthz.Auditing.Facts.WatchedPermission;
using static BinAuthz.GoogleCloud.IamResourceKind;

namespace BinAuthz.Auditing.Rules;

/// <summary>
/// Whether evidence stays as it was written: while a retention policy holds nobody can delete or overwrite, unless he can take
/// the policy away, which a lock prevents (docs: storage/docs/bucket-lock).
/// </summary>
internal static class EvidenceRule
{
    /// <summary>Judges the bucket and who may change it.</summary>
    public static RuleAssessment Judge(AuditRule rule, AuditFacts facts)
    {
        var abilities = Abilities(new ExpectedMembers(facts.Request), facts.Access.Bucket.Or(null));
        return RuleAssessment.All(
        [
            RuleAssessment.Of(facts.Access.Bucket, bucket => Judge(rule, facts.Request.Bucket, bucket)),
            AccessRules.Judge(facts, [Project, Bucket], access => AccessFindings.Judge(rule, access, abilities(access), "storage.")),
        ]);
    }

    private static IEnumerable<AuditFinding> Judge(AuditRule rule, string name, BucketDescription? bucket) => bucket switch
    {
        null => [rule.Finding($"gs://{name}", "There is no such bucket: no evidence is kept.") with { Remedy = "Make it with `binauthz setup`." }],
        { Retention: null } =>
        [
            rule.Finding($"gs://{name}", "It has no retention policy: what is deleted there is gone.") with
            {
                Severity = AuditSeverity.Medium,
                Remedy = $"`{ShellCommand.Of("gcloud", "storage", "buckets", "update", $"gs://{name}", "--retention-period=400d")}`, and lock it when the period is right.",
            },
        ],
        _ => [],
    };

    private static Func<MemberAccess, IEnumerable<AccessAbility>> Abilities(ExpectedMembers expected, BucketDescription? bucket)
    {
        if (bucket is { Retention: not null, IsRetentionLocked: true })
        {
            return _ => [];
        }

        AccessAbility[] changing =
        [
            new(UpdateBucket, "change the bucket's retention", AuditSeverity.Medium, [expected.Administrators], Project, Bucket),
            new(ShareBucket, "grant access to evidence", AuditSeverity.Medium, [expected.Administrators], Project, Bucket),
        ];
        return bucket?.Retention is not null ? _ => changing : access =>
        [
            .. changing,
            new AccessAbility(DeleteObject, "delete and overwrite evidence", expected.Administrators.Contains(access.Member) ? AuditSeverity.Low : AuditSeverity.High, [], Project, Bucket),
        ];
    }
}
