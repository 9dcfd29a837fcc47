using BinAuthz.Auditing;
using BinAuthz.Auditing.Facts;
using BinAuthz.GoogleCloud;
using static BinAuthz.Tests.Auditing.CleanAccess;

namespace BinAuthz.Tests.Auditing;

/// <summary>Who may sign, attach and change what is trusted: BA501 to BA504.</summary>
public sealed class AccessRulesTests
{
    public static TheoryData<string, string, string, string, string> Unexpected => new()
    {
        { "BA501", "project", "roles/cloudkms.signerVerifier", "sign (cloudkms.cryptoKeyVersions.useToSign)", nameof(AuditSeverity.High) },
        { "BA501", "ring", "roles/cloudkms.cryptoOperator", "sign (cloudkms.cryptoKeyVersions.useToSign)", nameof(AuditSeverity.High) },
        { "BA501", "key", "roles/cloudkms.signer", "sign (cloudkms.cryptoKeyVersions.useToSign)", nameof(AuditSeverity.High) },
        { "BA501", "audit key", "roles/cloudkms.signer", "sign reports (cloudkms.cryptoKeyVersions.useToSign)", nameof(AuditSeverity.High) },
        { "BA501", "identity", "roles/iam.serviceAccountTokenCreator", "act as the signer with a token (iam.serviceAccounts.getAccessToken)", nameof(AuditSeverity.High) },
        { "BA501", "project", "roles/iam.serviceAccountKeyAdmin", "act as the signer with a key of its account (iam.serviceAccountKeys.create)", nameof(AuditSeverity.High) },
        { "BA501", "identity", "roles/iam.serviceAccountAdmin", "let others act as the signer (iam.serviceAccounts.setIamPolicy)", nameof(AuditSeverity.High) },
        { "BA501", "identity", "roles/iam.serviceAccountUser", "run code as the signer (iam.serviceAccounts.actAs)", nameof(AuditSeverity.Medium) },
        { "BA502", "note", "roles/containeranalysis.notes.attacher", "attach attestations (containeranalysis.notes.attachOccurrence)", nameof(AuditSeverity.Medium) },
        { "BA502", "project", "roles/editor", "attach attestations (containeranalysis.notes.attachOccurrence)", nameof(AuditSeverity.Medium) },
        { "BA503", "policy", "roles/binaryauthorization.policyEditor", "change the policy (binaryauthorization.policy.update)", nameof(AuditSeverity.High) },
        { "BA503", "attestor", "roles/binaryauthorization.attestorsEditor", "change which keys an attestor trusts (binaryauthorization.attestors.update)", nameof(AuditSeverity.High) },
        {
            "BA503", "attestor", "roles/binaryauthorization.attestorsAdmin",
            "change which keys an attestor trusts (binaryauthorization.attestors.update), grant access to the attestor (binaryauthorization.attestors.setIamPolicy)", nameof(AuditSeverity.High)
        },
        {
            "BA503", "policy", "roles/binaryauthorization.policyAdmin",
            "change the policy (binaryauthorization.policy.update), grant access to the policy (binaryauthorization.policy.setIamPolicy)", nameof(AuditSeverity.High)
        },
        { "BA503", "note", "roles/containeranalysis.admin", "grant access to the note (containeranalysis.notes.setIamPolicy)", nameof(AuditSeverity.High) },
        { "BA503", "project", "roles/resourcemanager.projectIamAdmin", "grant anything in the project (resourcemanager.projects.setIamPolicy)", nameof(AuditSeverity.High) },
        {
            "BA503", "key", "roles/cloudkms.admin",
            "make key versions (cloudkms.cryptoKeyVersions.create), enable and disable key versions (cloudkms.cryptoKeyVersions.update), destroy key versions (cloudkms.cryptoKeyVersions.destroy), grant the use of the key (cloudkms.cryptoKeys.setIamPolicy)",
            nameof(AuditSeverity.High)
        },
        { "BA503", "ring", RotatorRole, "make key versions (cloudkms.cryptoKeyVersions.create), enable and disable key versions (cloudkms.cryptoKeyVersions.update)", nameof(AuditSeverity.Medium) },
        { "BA503", "audit key", RotatorRole, "make key versions (cloudkms.cryptoKeyVersions.create), enable and disable key versions (cloudkms.cryptoKeyVersions.update)", nameof(AuditSeverity.Medium) },
    };

    [Theory]
    [MemberData(nameof(Unexpected))]
    public void Judge_UnexpectedMember_IsFound(string id, string resource, string role, string may, string severity)
    {
        var finding = Judged.Finding(id, With(Resource(resource), Grant(role, Mallory)));

        Assert.Equal((id, severity, $"{Resource(resource)}/members/{Mallory}"), (finding.Rule, finding.Severity.ToString(), finding.Resource));
        Assert.Equal($"{Mallory} may {may}, by {role}.", finding.Detail);
    }

    [Theory]
    [InlineData("BA501", "key", "roles/cloudkms.verifier")]
    [InlineData("BA501", "key", "roles/cloudkms.admin")]
    [InlineData("BA501", "note", "roles/cloudkms.signer")]
    [InlineData("BA501", "project", "roles/compute.viewer")]
    [InlineData("BA502", "note", "roles/containeranalysis.notes.viewer")]
    [InlineData("BA502", "key", "roles/containeranalysis.notes.attacher")]
    [InlineData("BA503", "attestor", "roles/binaryauthorization.policyEditor")]
    [InlineData("BA503", "policy", "roles/binaryauthorization.attestorsEditor")]
    [InlineData("BA503", "key", "roles/resourcemanager.projectIamAdmin")]
    [InlineData("BA503", "bucket", "roles/storage.admin")]
    [InlineData("BA504", "key", "roles/cloudkms.admin")]
    [InlineData("BA506", "bucket", "roles/storage.objectViewer")]
    public void Judge_RoleWithoutThePermissionThere_IsNotFound(string id, string resource, string role) => Assert.Empty(Judged.Findings(id, With(Resource(resource), Grant(role, Mallory))));

    [Theory]
    [InlineData("BA501", "key", "roles/cloudkms.signer", Signer)]
    [InlineData("BA501", "identity", "roles/iam.serviceAccountTokenCreator", Signer)]
    [InlineData("BA501", "audit key", "roles/cloudkms.signerVerifier", Auditor)]
    [InlineData("BA502", "project", "roles/containeranalysis.notes.attacher", Signer)]
    [InlineData("BA503", "ring", RotatorRole, Rotator)]
    [InlineData("BA503", "project", "roles/binaryauthorization.attestorsEditor", Rotator)]
    public void Judge_ExpectedMember_IsNotFound(string id, string resource, string role, string member) => Assert.Empty(Judged.Findings(id, With(Resource(resource), Grant(role, member))));

    [Theory]
    [InlineData("BA501", "key", "roles/cloudkms.signer", Rotator)]
    [InlineData("BA501", "key", "roles/cloudkms.signer", Auditor)]
    [InlineData("BA501", "ring", "roles/cloudkms.signer", Auditor)]
    [InlineData("BA501", "audit key", "roles/cloudkms.signer", Signer)]
    [InlineData("BA502", "note", "roles/containeranalysis.notes.attacher", Rotator)]
    [InlineData("BA503", "policy", "roles/binaryauthorization.policyEditor", Rotator)]
    [InlineData("BA503", "attestor", "roles/binaryauthorization.attestorsEditor", Signer)]
    public void Judge_MemberExpectedForSomethingElse_IsFound(string id, string resource, string role, string member) =>
        Assert.Equal($"{Resource(resource)}/members/{member}", Judged.Finding(id, With(Resource(resource), Grant(role, member))).Resource);

    [Theory]
    [InlineData("key", false)]
    [InlineData("ring", true)]
    [InlineData("audit key", true)]
    public void Judge_RotatorThatDestroys_IsFoundUnlessItIsTheSigningKey(string resource, bool isFound)
    {
        var facts = With(Resource(resource), Grant("projects/acme-prod/roles/wide", Rotator));
        facts = facts with { Access = facts.Access with { CustomRoles = Custom("projects/acme-prod/roles/wide", WatchedPermission.DestroyVersion) } };

        if (!isFound)
        {
            Assert.Empty(Judged.Findings("BA503", facts));
            return;
        }

        Assert.Equal((AuditSeverity.Medium, $"{Rotator} may destroy key versions (cloudkms.cryptoKeyVersions.destroy), by projects/acme-prod/roles/wide."), Described(Judged.Finding("BA503", facts)));
    }

    [Theory]
    [InlineData("allUsers", nameof(AuditSeverity.Critical), "allUsers (everybody on the internet) may")]
    [InlineData("allAuthenticatedUsers", nameof(AuditSeverity.Critical), "allAuthenticatedUsers (everybody who has a Google account) may")]
    [InlineData("group:devs@acme.example", nameof(AuditSeverity.High), "group:devs@acme.example (everybody in the group) may")]
    [InlineData("domain:acme.example", nameof(AuditSeverity.High), "domain:acme.example (everybody in the domain) may")]
    [InlineData("principalSet://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/ci/*", nameof(AuditSeverity.High), "ci/* (every identity of the set) may")]
    [InlineData("principal://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/ci/subject/x", nameof(AuditSeverity.High), "subject/x may")]
    [InlineData("projectOwner:acme-prod", nameof(AuditSeverity.High), "(everybody who has the basic role Owner of the project) may")]
    [InlineData("projectEditor:acme-prod", nameof(AuditSeverity.High), "(everybody who has the basic role Editor of the project) may")]
    [InlineData("projectViewer:acme-prod", nameof(AuditSeverity.High), "(everybody who has the basic role Viewer of the project) may")]
    [InlineData("deleted:user:ann@acme.example?uid=1", nameof(AuditSeverity.Low), "(deleted, and in the role again if restored within 30 days) may")]
    [InlineData("serviceAccount:service-42@gcp-sa-cloudbuild.iam.gserviceaccount.com", nameof(AuditSeverity.High), "gcp-sa-cloudbuild.iam.gserviceaccount.com may")]
    public void Judge_KindsOfMembers_AreWeighed(string member, string severity, string said)
    {
        var finding = Judged.Finding("BA501", With(Key, Grant("roles/cloudkms.signer", member)));

        Assert.Equal(severity, finding.Severity.ToString());
        Assert.Contains(said, finding.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("serviceAccount:service-42@gcp-sa-pubsub.iam.gserviceaccount.com", "roles/iam.serviceAccountTokenCreator", 0)]
    [InlineData("serviceAccount:service-42@gcp-sa-other.iam.gserviceaccount.com", "roles/iam.serviceAccountTokenCreator", 1)]
    [InlineData("serviceAccount:service-42@gcp-sa-pubsub.iam.gserviceaccount.com", "roles/iam.serviceAccountKeyAdmin", 1)]
    [InlineData("serviceAccount:service-42@container-engine-robot.iam.gserviceaccount.com", "roles/container.serviceAgent", 0)]
    [InlineData("serviceAccount:service-x@gcp-sa-pubsub.iam.gserviceaccount.com", "roles/iam.serviceAccountTokenCreator", 1)]
    [InlineData("serviceAccount:service-42@acme-prod.iam.gserviceaccount.com", "roles/container.serviceAgent", 1)]
    public void Judge_ServiceAgents_AreFineInTheirRoleOnly(string member, string role, int count) => Assert.Equal(count, Judged.Findings("BA501", With(Project, Grant(role, member))).Count);

    [Fact]
    public void Judge_SeveralRolesAndConditions_AreOneFindingThatTellsThem()
    {
        var conditional = Grant("roles/cloudkms.signer", Mallory) with { Condition = "request.time < timestamp('2027-01-01T00:00:00Z')" };

        var finding = Judged.Finding("BA501", With(Key, conditional, Grant("roles/cloudkms.signerVerifier", "user:Mallory@evil.example")));

        Assert.Equal(
            (AuditSeverity.High, $"{Mallory} may sign (cloudkms.cryptoKeyVersions.useToSign), by roles/cloudkms.signer under the condition '{conditional.Condition}', which is not weighed here and roles/cloudkms.signerVerifier."),
            Described(finding));
    }

    [Theory]
    [InlineData("project", "gcloud projects remove-iam-policy-binding acme-prod --member=user:mallory@evil.example --role=roles/owner --all")]
    [InlineData("ring", "gcloud kms keyrings remove-iam-policy-binding production-binauthz --location=us-central1 --project=acme-prod --member=user:mallory@evil.example --role=roles/owner")]
    [InlineData("key", "gcloud kms keys remove-iam-policy-binding attestor-key --keyring=production-binauthz --location=us-central1 --project=acme-prod --member=user:mallory@evil.example --role=roles/owner")]
    [InlineData("audit key", "gcloud kms keys remove-iam-policy-binding audit-key --keyring=production-binauthz --location=us-central1 --project=acme-prod --member=user:mallory@evil.example --role=roles/owner")]
    [InlineData("attestor", "gcloud container binauthz attestors remove-iam-policy-binding production-attestor --project=acme-prod --member=user:mallory@evil.example --role=roles/owner")]
    [InlineData("policy", "gcloud container binauthz policy remove-iam-policy-binding --project=acme-prod --member=user:mallory@evil.example --role=roles/owner")]
    public void Judge_UnexpectedMember_TellsTheCommandThatTakesItAway(string resource, string command) =>
        Assert.EndsWith($" To take it away: `{command}`.", Judged.Finding("BA503", With(Resource(resource), Grant("roles/owner", Mallory))).Remedy, StringComparison.Ordinal);

    [Fact]
    public void Judge_MembersOfTheSigner_TellsTheCommandThatTakesItAway() => Assert.EndsWith(
        " To take it away: `gcloud iam service-accounts remove-iam-policy-binding production-signer@acme-prod.iam.gserviceaccount.com --member=user:mallory@evil.example --role=roles/iam.serviceAccountUser --all`.",
        Judged.Finding("BA501", With(Identity, Grant("roles/iam.serviceAccountUser", Mallory))).Remedy,
        StringComparison.Ordinal);

    [Fact]
    public void Judge_NoteOrMemberThatCannotBePasted_TellsNoCommand()
    {
        Assert.DoesNotContain("To take it away", Judged.Finding("BA502", With(Note, Grant("roles/editor", Mallory))).Remedy, StringComparison.Ordinal);
        Assert.DoesNotContain("To take it away", Judged.Finding("BA501", With(Key, Grant("roles/cloudkms.signer", "user:\nmallory"))).Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("BA501", "key", "roles/cloudkms.brandNew")]
    [InlineData("BA502", "note", "roles/containeranalysis.brandNew")]
    [InlineData("BA503", "policy", "roles/binaryauthorization.brandNew")]
    [InlineData("BA503", "project", "roles/container.serviceAgent")]
    public void Judge_RoleThatIsNotKnown_IsALowFinding(string id, string resource, string role)
    {
        var finding = Judged.Finding(id, With(Resource(resource), Grant(role, Mallory)));

        Assert.Equal((AuditSeverity.Low, $"What {role} of {Mallory} holds is not known here."), Described(finding));
        Assert.Equal($"{Resource(resource)}/members/{Mallory} (unknown roles)", finding.Resource);
        Assert.Contains($"`gcloud iam roles describe {role}`", finding.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("BA501", "roles/binaryauthorization.brandNew")]
    [InlineData("BA502", "roles/cloudkms.brandNew")]
    [InlineData("BA503", "roles/run.brandNew")]
    public void Judge_UnknownRoleOfAnotherProduct_IsNotThisRulesMatter(string id, string role) => Assert.Empty(Judged.Findings(id, With(Project, Grant(role, Mallory))));

    [Theory]
    [InlineData("BA501", "roles/owner", nameof(AuditSeverity.Medium))]
    [InlineData("BA502", "roles/owner", null)]
    [InlineData("BA503", "roles/owner", null)]
    [InlineData("BA501", "roles/iam.serviceAccountUser", null)]
    public void Judge_Administrator_MayChangeButNotSign(string id, string role, string? severity) =>
        Assert.Equal(severity, Judged.Findings(id, WithOptions(With(Project, Grant(role, Mallory)), Administered(Mallory.ToUpperInvariant()))).SingleOrDefault()?.Severity.ToString());

    [Fact]
    public void Judge_SignersThatOptionsName_ReplaceTheDefault()
    {
        var options = new AuditOptions();
        options.Signers.Add(Mallory);

        Assert.Equal($"{Key}/members/{Signer}", Judged.Finding("BA501", WithOptions(With(Key, Grant("roles/cloudkms.signer", Mallory)), options)).Resource);
    }

    [Theory]
    [InlineData("BA501", "key")]
    [InlineData("BA501", "identity")]
    [InlineData("BA502", "note")]
    [InlineData("BA503", "attestor")]
    [InlineData("BA504", "bucket")]
    [InlineData("BA505", "project")]
    [InlineData("BA506", "bucket")]
    public void Judge_PolicyThatCannotBeRead_IsNotAssessed(string id, string resource)
    {
        var not = Assert.IsType<RuleAssessment.NotAssessed>(Judged.By(id, CleanFacts.Facts with { Access = Replace(Resource(resource), _ => CleanFacts.Unknown<IamPolicy>()) }));

        Assert.Equal(("PERMISSION_DENIED: not allowed", "Grant it."), (not.Reason, not.Remedy));
        Assert.Empty(not.Findings);
    }

    [Theory]
    [InlineData("BA501", "key")]
    [InlineData("BA502", "note")]
    [InlineData("BA503", "policy")]
    [InlineData("BA504", "attestor")]
    [InlineData("BA506", "bucket")]
    public void Judge_CustomRoleThatCannotBeRead_IsNotAssessedAndTellsWhatElseWasFound(string id, string resource)
    {
        var facts = With(Resource(resource), Grant("projects/acme-prod/roles/hidden", "user:ann@acme.example"), Grant("roles/owner", Mallory), Grant("roles/storage.admin", Mallory));
        facts = facts with
        {
            Access = facts.Access with
            {
                Bucket = CleanFacts.Known<BucketDescription?>(new BucketDescription(null, false, false)),
                CustomRoles = new Dictionary<string, BinAuthz.Checkup.Fact<IReadOnlySet<string>>>(facts.Access.CustomRoles) { ["projects/acme-prod/roles/hidden"] = CleanFacts.Unknown<IReadOnlySet<string>>() },
            },
        };

        var not = Assert.IsType<RuleAssessment.NotAssessed>(Judged.By(id, facts));

        Assert.Equal("PERMISSION_DENIED: not allowed", not.Reason);
        Assert.Equal(id == "BA504" ? 0 : 1, not.Findings.Count(finding => finding.Resource.EndsWith(Mallory, StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("key", "roles/cloudkms.signer", "attestor", "roles/binaryauthorization.attestorsEditor", Mallory, "sign and change what is trusted")]
    [InlineData("ring", "roles/cloudkms.signer", "policy", "roles/binaryauthorization.policyEditor", Mallory, "sign and change what is trusted")]
    [InlineData("key", "roles/cloudkms.signer", "key", "roles/cloudkms.viewer", Rotator, "sign and change what is trusted")]
    [InlineData("key", RotatorRole, "key", "roles/cloudkms.viewer", Signer, "sign and change what is trusted")]
    [InlineData("key", "roles/cloudkms.signer", "key", "roles/cloudkms.viewer", Auditor, "sign and audit")]
    [InlineData("note", "roles/containeranalysis.notes.attacher", "key", "roles/cloudkms.viewer", Auditor, "sign and audit")]
    [InlineData("policy", "roles/binaryauthorization.policyEditor", "key", "roles/cloudkms.viewer", Auditor, "change what is trusted and audit")]
    [InlineData("bucket", "roles/storage.objectAdmin", "key", "roles/cloudkms.viewer", Auditor, "audit and delete evidence")]
    [InlineData("project", "roles/storage.legacyBucketOwner", "key", "roles/cloudkms.viewer", Auditor, "audit and delete evidence")]
    public void Judge_TwoDutiesInOneHand_IsFound(string first, string firstRole, string second, string secondRole, string member, string duties)
    {
        var facts = With(Resource(first), Grant(firstRole, member));
        facts = facts with { Access = facts.Access with { Policies = [.. facts.Access.Policies, new AuditedIamPolicy(Resource(second), CleanFacts.Known(new IamPolicy([Grant(secondRole, member)], [])))] } };

        var finding = Judged.Finding("BA504", facts);

        Assert.Equal((AuditSeverity.High, $"{member} may {duties}."), Described(finding));
        Assert.Equal($"projects/acme-prod/members/{member}", finding.Resource);
    }

    [Theory]
    [InlineData("key", "roles/cloudkms.signer")]
    [InlineData("note", "roles/containeranalysis.notes.attacher")]
    [InlineData("attestor", "roles/binaryauthorization.attestorsEditor")]
    [InlineData("bucket", "roles/storage.admin")]
    [InlineData("audit key", "roles/cloudkms.signer")]
    public void Judge_OneDutyOnly_IsSeparated(string resource, string role) => Assert.Empty(Judged.Findings("BA504", With(Resource(resource), Grant(role, Mallory))));

    [Fact]
    public void Judge_AttachingAndChangingByOneMember_IsSeparated()
    {
        var facts = With(Note, Grant("roles/containeranalysis.notes.attacher", Mallory));

        Assert.Empty(Judged.Findings("BA504", facts with { Access = facts.Access with { Policies = [.. facts.Access.Policies, new AuditedIamPolicy(Attestor, CleanFacts.Known(new IamPolicy([Grant("roles/binaryauthorization.attestorsEditor", Mallory)], [])))] } }));
    }

    [Fact]
    public void Judge_OptionsThatNameOneMemberTwice_IsFound()
    {
        var options = new AuditOptions();
        options.Signers.Add(Signer);
        options.Rotators.Add(Signer);

        Assert.Contains(Judged.Findings("BA504", WithOptions(CleanFacts.Facts, options)), finding => finding.Resource == $"projects/acme-prod/members/{Signer}");
    }

    [Fact]
    public void Judge_EverybodyMaySignAndChange_IsCritical() => Assert.Equal(AuditSeverity.Critical, Judged.Finding("BA504", With(Project, Grant("roles/owner", "allUsers"))).Severity);

    [Fact]
    public void Rationale_OfRulesThatReadPolicies_SaysThatInheritedBindingsAreNotRead() => Assert.All(
        AuditRules.All.Where(rule => rule.Id is "BA501" or "BA502" or "BA503" or "BA504" or "BA506"),
        rule => Assert.Contains("inherited, cannot be read from the project", rule.Rationale, StringComparison.Ordinal));

    private static Dictionary<string, BinAuthz.Checkup.Fact<IReadOnlySet<string>>> Custom(string role, params string[] permissions) =>
        new(Access.CustomRoles) { [role] = CleanFacts.Known<IReadOnlySet<string>>(permissions.ToHashSet()) };

    private static (AuditSeverity Severity, string Detail) Described(AuditFinding finding) => (finding.Severity, finding.Detail);

    private static IamResource Resource(string name) => name switch
    {
        "project" => Project,
        "ring" => KeyRing,
        "key" => Key,
        "audit key" => AuditKey,
        "note" => Note,
        "attestor" => Attestor,
        "policy" => Policy,
        "bucket" => Bucket,
        _ => Identity,
    };
}
