using BinAuthz.Approval;
using BinAuthz.Attestations;
using BinAuthz.Auditing;

namespace BinAuthz.Tests.Auditing;

public sealed class AuditRequestsTests
{
    private const string Yaml = """
        environment: production
        attestors:
          - attestor: projects/acme-prod/attestors/production-built
            key: projects/acme-prod/locations/us-central1/keyRings/production-binauthz/cryptoKeys/built
            rules: {repositories: [us-central1-docker.pkg.dev/acme-prod/app/**], provenance: none}
          - attestor: projects/acme-prod/attestors/production-scanned
            key: projects/acme-prod/locations/us-central1/keyRings/production-binauthz/cryptoKeys/scanned
            rules: {repositories: [us-central1-docker.pkg.dev/acme-prod/app/**], provenance: none}
            deadline: 7d
        """;

    [Fact]
    public void At_ApprovalPolicy_AsksForItsAttestorsKeysAndDeadlines()
    {
        var options = new BinAuthzOptions { Location = "europe-west1" };
        options.Rotation.Lifetime = TimeSpan.FromDays(30);

        var request = new AuditRequests(ApprovalPolicy.Parse(Yaml, "approval.yaml"), options).At(new DateTimeOffset(2026, 11, 26, 8, 0, 0, 999, TimeSpan.FromHours(2)));

        Assert.Equal(("acme-prod", "production", "acme-prod-binauthz-evidence"), (request.Project, request.Environment.Name, request.Bucket));
        Assert.Equal(
            [
                "projects/acme-prod/attestors/production-built projects/acme-prod/locations/us-central1/keyRings/production-binauthz/cryptoKeys/built",
                "projects/acme-prod/attestors/production-scanned projects/acme-prod/locations/us-central1/keyRings/production-binauthz/cryptoKeys/scanned",
            ],
            request.Subjects.Select(subject => $"{subject.Attestor} {subject.Key}"));
        Assert.Equal(new Dictionary<AttestorName, TimeSpan> { [AttestorName.Parse("projects/acme-prod/attestors/production-scanned")] = TimeSpan.FromDays(7) }, request.Deadlines);
        Assert.Equal("projects/acme-prod/locations/europe-west1/keyRings/production-binauthz/cryptoKeys/audit-key", request.AuditKey.ToString());
        Assert.Equal((TimeSpan.FromDays(30), new DateTimeOffset(2026, 11, 26, 6, 0, 0, TimeSpan.Zero), TimeSpan.Zero), (request.KeyLifetime, request.Time, request.Time.Offset));
        Assert.Same(options.Audit, request.Options);
    }

    [Fact]
    public void Has_AttestorsOfThePolicy_AreThoseThatAreAudited()
    {
        var requests = new AuditRequests(ApprovalPolicy.Parse(Yaml, "approval.yaml"), new BinAuthzOptions());

        Assert.True(requests.Has(AttestorName.Parse("projects/acme-prod/attestors/production-scanned")));
        Assert.False(requests.Has(AttestorName.Parse("projects/acme-prod/attestors/other")));
    }

    [Fact]
    public void At_Overlap_IsThatOfTheRotationAndThePropagation()
    {
        var options = new BinAuthzOptions { PropagationWindow = TimeSpan.FromHours(1) };
        options.Rotation.Overlap = TimeSpan.FromDays(7);

        Assert.Equal(TimeSpan.FromHours(169), new AuditRequests(ApprovalPolicy.Parse(Yaml, "approval.yaml"), options).At(CleanFacts.Now).KeyOverlap);
    }

    [Fact]
    public void At_Options_OverrideWhatFollowsFromThePolicy()
    {
        var options = new BinAuthzOptions
        {
            EvidenceBucket = "kept-elsewhere",
            Audit = new AuditOptions { Key = "projects/audit/locations/global/keyRings/auditors/cryptoKeys/reports", FindingsTopic = "projects/audit/topics/found" },
        };

        var requests = new AuditRequests(ApprovalPolicy.Parse(Yaml, "approval.yaml"), options);

        Assert.Equal(("kept-elsewhere", "projects/audit/locations/global/keyRings/auditors/cryptoKeys/reports", "projects/audit/topics/found"), (requests.At(CleanFacts.Now).Bucket, requests.At(CleanFacts.Now).AuditKey.ToString(), requests.FindingsTopic));
    }

    [Fact]
    public void FindingsTopic_Default_IsTheEnvironments() =>
        Assert.Equal("projects/acme-prod/topics/production-findings", new AuditRequests(ApprovalPolicy.Parse(Yaml, "approval.yaml"), new BinAuthzOptions()).FindingsTopic);

    [Theory]
    [InlineData("audit-key", null, "'audit-key' is not a key", "BinAuthz:Audit:Key")]
    [InlineData("projects/acme-prod/locations/us-central1/keyRings/staging-binauthz/cryptoKeys/audit-key", null, "belongs to the environment staging", "BinAuthz:Audit:Key")]
    [InlineData(null, "findings", "'findings' is not a topic", "BinAuthz:Audit:FindingsTopic")]
    public void Create_NameThatCannotBeMeant_IsRefusedWithTheRemedy(string? key, string? topic, string problem, string option)
    {
        var error = Assert.Throws<ConfigurationException>(() => new AuditRequests(ApprovalPolicy.Parse(Yaml, "approval.yaml"), new BinAuthzOptions { Audit = new AuditOptions { Key = key, FindingsTopic = topic } }));

        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
        Assert.Contains(option, error.Message, StringComparison.Ordinal);
    }
}
