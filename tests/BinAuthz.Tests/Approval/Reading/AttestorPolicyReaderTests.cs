using BinAuthz.Approval;

namespace BinAuthz.Tests.Approval.Reading;

public sealed class AttestorPolicyReaderTests
{
    private const string TwoAttestors = """
        environment: production
        attestors:
          - attestor: projects/acme-prod/attestors/production-built
            key: projects/acme-prod/locations/us-central1/keyRings/production-binauthz/cryptoKeys/production-built-key
            rules:
              repositories: [us-central1-docker.pkg.dev/acme-prod/app/**]
              provenance: none
          - attestor: projects/acme-prod/attestors/production-released
            key: projects/acme-prod/locations/us-central1/keyRings/production-binauthz/cryptoKeys/production-released-key
            mode: dryRun
            deadline: 36h
            rules:
              repositories: none
              provenance: none
              any:
                - repositories: [us-central1-docker.pkg.dev/acme-prod/app/**]
                - repositories: [us-central1-docker.pkg.dev/acme-prod/tools/**]
                  all:
                    - repositories: [us-central1-docker.pkg.dev/acme-prod/**]
        """;

    [Fact]
    public void Parse_TwoAttestors_HaveTheirOwnKeyModeDeadlineAndRules()
    {
        var policy = ApprovalPolicy.Parse(TwoAttestors, "approval.yaml");

        Assert.Equal(["production-built", "production-released"], policy.Attestors.Select(attestor => attestor.Attestor.Id));
        Assert.Equal(["production-built-key", "production-released-key"], policy.Attestors.Select(attestor => attestor.Key?.Key));
        Assert.Equal([ApprovalMode.Enforce, ApprovalMode.DryRun], policy.Attestors.Select(attestor => attestor.Mode));
        Assert.Equal([null, TimeSpan.FromHours(36)], policy.Attestors.Select(attestor => attestor.Deadline));
        Assert.Equal(["any", "repositories", "all", "repositories", "all", "repositories"], policy.Attestors[1].AllRules.Select(rule => rule.Name));
        Assert.Matches("^sha256:[0-9a-f]{64}$", policy.Digest);
    }

    [Theory]
    // Each row: the text to replace, by what, and where and how that is reported.
    [InlineData("  - attestor: projects/acme-prod/attestors/production-released", "  - attestor: projects/acme-prod/attestors/production-built", 8, 5, "projects/acme-prod/attestors/production-built stands twice in attestors.")]
    [InlineData("cryptoKeys/production-released-key", "cryptoKeys/production-built-key", 8, 5, "signs for projects/acme-prod/attestors/production-built already")]
    [InlineData("    key: projects/acme-prod/locations/us-central1/keyRings/production-binauthz/cryptoKeys/production-built-key\n", "", 3, 5, "The key 'key' is missing; attestors of one file have a key each.")]
    [InlineData("attestors/production-built", "attestors/staging-built", 3, 15, "belongs to the environment staging, and this policy is production's.")]
    [InlineData("attestors/production-built", "attestors/development-attestor", 3, 15, "belongs to the environment development")]
    [InlineData("keyRings/production-binauthz/cryptoKeys/production-built-key", "keyRings/staging-binauthz/cryptoKeys/attestor-key", 4, 10, "belongs to the environment staging, and this policy is production's.")]
    [InlineData("cryptoKeys/production-built-key", "cryptoKeys/production-built-key/cryptoKeyVersions/1", 4, 10, "is not a Cloud KMS key.")]
    [InlineData("mode: dryRun", "mode: dryrun", 10, 11, "'dryrun' is not a mode.")]
    [InlineData("deadline: 36h", "deadline: 36", 11, 15, "deadline must be a length of time.")]
    [InlineData("deadline: 36h", "deadline: 0h", 11, 15, "deadline must be a length of time.")]
    [InlineData("deadline: 36h", "deadline: 1.5h", 11, 15, "deadline must be a length of time.")]
    [InlineData("environment: production", "environment: production\nattestor: projects/acme-prod/attestors/production-built", 2, 1, "the policy has no key 'attestor'.")]
    [InlineData("        - repositories: [us-central1-docker.pkg.dev/acme-prod/app/**]", "        - repositories: none", 16, 11, "An entry of any has no rule.")]
    [InlineData("        - repositories: [us-central1-docker.pkg.dev/acme-prod/app/**]", "        - {}", 16, 11, "An entry of any has no rule.")]
    public void TryParse_OneFault_IsReportedWhereItStands(string replaced, string by, int line, int column, string rule)
    {
        var yaml = TwoAttestors.Replace(replaced, by, StringComparison.Ordinal);
        Assert.NotEqual(TwoAttestors, yaml);

        Assert.False(ApprovalPolicy.TryParse(yaml, "approval.yaml", out _, out var errors));

        var error = Assert.Single(errors, error => error.Rule.Contains(rule, StringComparison.Ordinal));
        Assert.Equal((line, column), (error.Line, error.Column));
        Assert.NotEmpty(error.Remedy);
    }

    [Fact]
    public void Parse_OneByteChanged_HasAnotherDigest() =>
        Assert.NotEqual(ApprovalPolicy.Parse(TwoAttestors, "a").Digest, ApprovalPolicy.Parse(TwoAttestors + "\n# reviewed\n", "a").Digest);
}
