using BinAuthz.Auditing.Facts;
using BinAuthz.Checkup;
using BinAuthz.GoogleCloud;
using static BinAuthz.Auditing.Facts.WatchedPermission;
using static BinAuthz.GoogleCloud.IamResourceKind;

namespace BinAuthz.Auditing.Rules;

/// <summary>The rules about who may do what.</summary>
internal static class AccessRules
{
    private const string NotInherited = " What folders and organizations above the project grant is inherited, cannot be read from the project, and is not part of this.";

    public static IReadOnlyList<AuditRule> All { get; } =
    [
        new(
            "BA501",
            "Somebody besides the signer can sign",
            AuditSeverity.High,
            $"Whoever signs with the attestor's key, or acts as the signer, approves images past the approval policy.{NotInherited}",
            "Let nobody but the signer sign; if it is right, name the member in BinAuthz:Audit:Signers.",
            [AuditControl.LogicalAccess, AuditControl.HipaaAccess, AuditControl.LeastPrivilege, AuditControl.KeyManagement],
            Sign),
        new(
            "BA502",
            "Somebody besides the signer can attach to the note",
            AuditSeverity.Medium,
            $"An attestation needs a signature and a place under the attestor's note. Whoever may attach can use a stolen signature, or fill the note.{NotInherited}",
            "Let nobody but the signer attach; if it is right, name the member in BinAuthz:Audit:Signers or :Administrators.",
            [AuditControl.LogicalAccess, AuditControl.LeastPrivilege],
            Attach),
        new(
            "BA503",
            "Somebody unexpected can change what is trusted",
            AuditSeverity.High,
            $"Whoever changes the policy, an attestor's keys, key versions or who may do so opens the gate.{NotInherited}",
            "Take the role away; if it is right, name the member in BinAuthz:Audit:Rotators or :Administrators.",
            [AuditControl.LogicalAccess, AuditControl.ChangeManagement, AuditControl.HipaaAccess, AuditControl.LeastPrivilege],
            ChangeTrust),
        new(
            "BA504",
            "Duties are not separated",
            AuditSeverity.High,
            $"Whoever signs must not decide what is trusted, and whoever audits must change nothing: one stolen identity would be enough.{NotInherited}",
            "Give each duty an identity of its own.",
            [AuditControl.LogicalAccess, AuditControl.ChangeManagement, AuditControl.SeparationOfDuties],
            SeparateDuties),
        new(
            "BA505",
            "Signing or attesting is not recorded",
            AuditSeverity.Medium,
            "Signatures are DATA_READ of Cloud KMS and attestations DATA_WRITE of Container Analysis; both logs are off by default, and without them nobody can tell who attested.",
            "Turn the log on in the project's auditConfigs, without exemptions.",
            [AuditControl.Monitoring, AuditControl.HipaaAudit, AuditControl.EventLogging],
            AuditLogRule.Judge),
        new(
            "BA506",
            "Evidence can be deleted or changed",
            AuditSeverity.High,
            $"Reports, decision records and key records are worth what their bucket is worth: whoever deletes there removes the trace.{NotInherited}",
            "Set a retention policy on the bucket and lock it; let identities create objects only (roles/storage.objectCreator).",
            [AuditControl.LogicalAccess, AuditControl.HipaaIntegrity, AuditControl.Integrity],
            EvidenceRule.Judge),
    ];

    private static RuleAssessment Sign(AuditRule rule, AuditFacts facts)
    {
        var expected = new ExpectedMembers(facts.Request);
        HashSet<string> rings = [.. facts.Request.Subjects.Select(subject => IamResource.KeyRing(subject.Key).Name)];
        return Judge(facts, [Project, KeyRing, Key, AuditKey, Identity], access => AccessFindings.Judge(
            rule, access, Abilities(access), "cloudkms."));

        IEnumerable<AccessAbility> Abilities(MemberAccess access)
        {
            var signsReports = access.Resource.Kind == AuditKey || (access.Resource.Kind == KeyRing && !rings.Contains(access.Resource.Name));
            var severity = expected.Administrators.Contains(access.Member) ? AuditSeverity.Medium : AuditSeverity.High;
            IReadOnlyList<IReadOnlySet<string>> deputies = [expected.Signers, expected.Administrators];
            return
            [
                new AccessAbility(WatchedPermission.Sign, signsReports ? "sign reports" : "sign", severity, [signsReports ? expected.Auditors : expected.Signers], Project, KeyRing, Key, AuditKey),
                new AccessAbility(TakeToken, "act as the signer with a token", AuditSeverity.High, deputies, Project, Identity),
                new AccessAbility(MakeAccountKey, "act as the signer with a key of its account", AuditSeverity.High, deputies, Project, Identity),
                new AccessAbility(ShareAccount, "let others act as the signer", AuditSeverity.High, deputies, Project, Identity),
                new AccessAbility(ActAs, "run code as the signer", AuditSeverity.Medium, deputies, Project, Identity),
            ];
        }
    }

    private static RuleAssessment Attach(AuditRule rule, AuditFacts facts)
    {
        var expected = new ExpectedMembers(facts.Request);
        AccessAbility[] abilities = [new(WatchedPermission.Attach, "attach attestations", rule.Severity, [expected.Signers, expected.Administrators], Project, Note)];
        return Judge(facts, [Project, Note], access => AccessFindings.Judge(rule, access, abilities, "containeranalysis."));
    }

    private static RuleAssessment ChangeTrust(AuditRule rule, AuditFacts facts)
    {
        var abilities = TrustAbilities(new ExpectedMembers(facts.Request));
        return Judge(facts, [Project, KeyRing, Key, AuditKey, Note, Attestor, Policy], access => AccessFindings.Judge(rule, access, abilities, "binaryauthorization."));
    }

    private static AccessAbility[] TrustAbilities(ExpectedMembers expected)
    {
        IReadOnlyList<IReadOnlySet<string>> administrators = [expected.Administrators];
        IReadOnlyList<IReadOnlySet<string>> rotators = [expected.Rotators, expected.Administrators];
        return
        [
            new(UpdatePolicy, "change the policy", AuditSeverity.High, administrators, Project, Policy),
            new(UpdateAttestor, "change which keys an attestor trusts", AuditSeverity.High, rotators, Project, Attestor),
            new(CreateVersion, "make key versions", AuditSeverity.Medium, rotators, Project, KeyRing, Key, AuditKey),
            new(UpdateVersion, "enable and disable key versions", AuditSeverity.Medium, rotators, Project, KeyRing, Key, AuditKey),
            // Rotation schedules the end of versions of the signing key, and of no other.
            new(DestroyVersion, "destroy key versions", AuditSeverity.Medium, rotators, Key),
            new(DestroyVersion, "destroy key versions", AuditSeverity.Medium, administrators, Project, KeyRing, AuditKey),
            new(ShareProject, "grant anything in the project", AuditSeverity.High, administrators, Project),
            new(ShareKeyRing, "grant the use of keys", AuditSeverity.High, administrators, Project, KeyRing),
            new(ShareKey, "grant the use of the key", AuditSeverity.High, administrators, Project, KeyRing, Key, AuditKey),
            new(ShareNote, "grant access to the note", AuditSeverity.High, administrators, Project, Note),
            new(ShareAttestor, "grant access to the attestor", AuditSeverity.High, administrators, Project, Attestor),
            new(SharePolicy, "grant access to the policy", AuditSeverity.High, administrators, Project, Policy),
        ];
    }

    private static RuleAssessment SeparateDuties(AuditRule rule, AuditFacts facts)
    {
        var duties = new Duties(new ExpectedMembers(facts.Request), TrustAbilities);
        var members = facts.Access.Policies.SelectMany(policy => policy.Policy is Fact<IamPolicy>.Known known ? MemberAccess.Of(facts.Access, policy.Resource, known.Value) : []);
        AuditFinding[] findings = [.. duties.Judge(rule, facts.Request.Project, members)];
        return RuleAssessment.All(
        [
            new RuleAssessment.Assessed(findings),
            RuleAssessment.Of(facts.Access.Policies.Select(policy => policy.Policy), _ => []),
            RuleAssessment.Of(MemberAccess.CustomRoles(facts.Access, facts.Access.Policies), _ => []),
        ]);
    }

    /// <summary>Judges each member of the policies of some kinds of resources.</summary>
    internal static RuleAssessment Judge(AuditFacts facts, IReadOnlyList<IamResourceKind> kinds, Func<MemberAccess, IEnumerable<AuditFinding>> judge)
    {
        AuditedIamPolicy[] policies = [.. facts.Access.Of(kinds)];
        return RuleAssessment.All(
        [
            .. policies.Select(policy => RuleAssessment.Of(policy.Policy, known => MemberAccess.Of(facts.Access, policy.Resource, known).SelectMany(judge))),
            RuleAssessment.Of(MemberAccess.CustomRoles(facts.Access, policies), _ => []),
        ]);
    }
}
