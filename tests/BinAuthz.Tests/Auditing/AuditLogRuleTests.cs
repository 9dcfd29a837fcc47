using BinAuthz.Auditing;
using BinAuthz.Auditing.Facts;
using BinAuthz.GoogleCloud;
using BinAuthz.Keys;
using BinAuthz.Signing;

namespace BinAuthz.Tests.Auditing;

/// <summary>Whether signatures and attestations are recorded: BA505.</summary>
public sealed class AuditLogRuleTests
{
    private static readonly IamAuditLog Attestations = CleanAccess.AuditLogs[0];
    private static readonly IamAuditLog Signatures = CleanAccess.AuditLogs[1];

    [Fact]
    public void Judge_AttestationsAreNotRecorded_IsFound()
    {
        var finding = Judged.Finding("BA505", With(Signatures));

        Assert.Equal(("projects/acme-prod/auditConfigs/containeranalysis.googleapis.com/DATA_WRITE", AuditSeverity.Medium), (finding.Resource, finding.Severity));
        Assert.Equal("DATA_WRITE audit logs of containeranalysis.googleapis.com are off in projects/acme-prod, unless a folder or the organization turns them on.", finding.Detail);
        Assert.Equal(
            "`gcloud projects get-iam-policy acme-prod --format=json > policy.json`, have {\"service\": \"containeranalysis.googleapis.com\", \"auditLogConfigs\": [{\"logType\": \"DATA_WRITE\"}]} in its auditConfigs without exemptedMembers, and `gcloud projects set-iam-policy acme-prod policy.json`.",
            finding.Remedy);
    }

    [Fact]
    public void Judge_SignaturesAreNotRecorded_IsFound() =>
        Assert.Equal("projects/acme-prod/auditConfigs/cloudkms.googleapis.com/DATA_READ", Judged.Finding("BA505", With(Attestations, Signatures with { Type = "DATA_WRITE" })).Resource);

    [Fact]
    public void Judge_AllServicesAreRecorded_FindsNothing() => Assert.Empty(Judged.Findings("BA505", With(new IamAuditLog("allServices", "DATA_WRITE", []), new IamAuditLog("allServices", "DATA_READ", []))));

    [Fact]
    public void Judge_ExemptedMembers_AreFound() => Assert.Equal(
        "DATA_READ audit logs of cloudkms.googleapis.com in projects/acme-prod leave out the calls of user:a@acme.example, user:b@acme.example.",
        Judged.Finding("BA505", With(Attestations, Signatures with { Exempted = ["user:a@acme.example"] }, new IamAuditLog("allServices", "DATA_READ", ["user:a@acme.example", "user:b@acme.example"]))).Detail);

    [Fact]
    public void Judge_KeysInAnotherProject_AreLookedAtThere()
    {
        var key = KeyName.Parse("projects/acme-keys/locations/us-central1/keyRings/production-binauthz/cryptoKeys/attestor-key");
        var policies = CleanAccess.Access.Policies.Where(policy => policy.Resource.Kind != IamResourceKind.Key)
            .Append(new AuditedIamPolicy(IamResource.Key(key), CleanFacts.Known(IamPolicy.Empty))).Append(new AuditedIamPolicy(IamResource.Project("acme-keys"), CleanFacts.Known(IamPolicy.Empty)));
        var facts = CleanFacts.Facts with
        {
            Request = CleanFacts.Request with { Subjects = [new SigningIdentity("production", CleanFacts.Subject.Attestor, key)] },
            Access = CleanAccess.Access with { Policies = [.. policies] },
        };

        Assert.Equal("projects/acme-keys/auditConfigs/cloudkms.googleapis.com/DATA_READ", Judged.Finding("BA505", facts).Resource);
    }

    [Fact]
    public void Judge_EachProject_RecordsOnlyWhatHappensThere()
    {
        var key = KeyName.Parse("projects/acme-keys/locations/us-central1/keyRings/production-binauthz/cryptoKeys/attestor-key");
        var policies = CleanAccess.Access.Policies.Where(policy => policy.Resource.Kind is not (IamResourceKind.Project or IamResourceKind.Key or IamResourceKind.Attestor))
            .Append(new AuditedIamPolicy(IamResource.Attestor(BinAuthz.Attestations.AttestorName.Parse("projects/acme-attestors/attestors/production-attestor")), CleanFacts.Known(IamPolicy.Empty)))
            .Append(new AuditedIamPolicy(IamResource.Key(key), CleanFacts.Known(IamPolicy.Empty)))
            .Append(Project("acme-keys", Signatures)).Append(Project("acme-prod", Attestations)).Append(Project("acme-attestors"));

        Assert.Equal(
            ["projects/acme-attestors/auditConfigs/containeranalysis.googleapis.com/DATA_WRITE"],
            Judged.Findings("BA505", CleanFacts.Facts with { Access = CleanAccess.Access with { Policies = [.. policies] } }).Select(finding => finding.Resource));
    }

    private static AuditedIamPolicy Project(string project, params IamAuditLog[] logs) => new(IamResource.Project(project), CleanFacts.Known(new IamPolicy([], logs)));

    private static AuditFacts With(params IamAuditLog[] logs) =>
        CleanFacts.Facts with { Access = CleanAccess.Replace(CleanAccess.Project, _ => CleanFacts.Known(new IamPolicy([], logs))) };
}
