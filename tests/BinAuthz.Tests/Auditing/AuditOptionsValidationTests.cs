using BinAuthz.Auditing;
using BinAuthz.Setup;
using Google.Cloud.Kms.V1;

namespace BinAuthz.Tests.Auditing;

public sealed class AuditOptionsValidationTests
{
    [Fact]
    public void Validated_Default_IsTheSame()
    {
        var options = new AuditOptions();

        Assert.Same(options, options.Validated());
    }

    [Fact]
    public void Validated_EverythingGiven_IsTheSame()
    {
        var options = new AuditOptions
        {
            Key = "projects/p/locations/us/keyRings/r/cryptoKeys/k",
            ProtectionLevel = "software",
            FindingsTopic = "projects/p/topics/t",
            ShardSize = 1,
            FindingsPerRule = 1,
            Grace = TimeSpan.FromDays(365),
        };
        options.Repositories.Add("projects/p/locations/us/repositories/r");
        options.Projects.Add("acme-prod");
        options.Clusters.Add("us-central1.prod");
        options.Allowed.Add("gcr.io/p/**");
        options.Signers.Add("serviceAccount:s@p.iam.gserviceaccount.com");
        options.Rotators.Add("user:u@acme.example");
        options.Auditors.Add("principalSet://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/x/*");
        options.Administrators.Add("group:g@acme.example");
        options.Administrators.Add("domain:acme.example");
        options.Administrators.Add("principal://iam.googleapis.com/x");

        Assert.Empty(AuditOptionsValidation.Problems(options));
        Assert.Same(options, options.Validated());
        options.Grace = TimeSpan.Zero;
        Assert.Empty(AuditOptionsValidation.Problems(options));
    }

    [Fact]
    public void Validated_EverythingWrong_NamesEachOptionItsValueAndTheRemedy()
    {
        var options = new AuditOptions { Key = "k", ProtectionLevel = "HSM", FindingsTopic = "t", ShardSize = 0, FindingsPerRule = -1, Grace = TimeSpan.FromDays(365) + TimeSpan.FromTicks(1) };
        options.Repositories.Add("r");
        options.Projects.Add("a/b");
        options.Projects.Add("acme-prod");
        options.Clusters.Add("prod");
        options.Allowed.Add("*");
        options.Signers.Add("s@p.iam.gserviceaccount.com");
        options.Rotators.Add("allUsers");
        options.Auditors.Add("user: u@acme.example");
        options.Administrators.Add("group:");

        var error = Assert.Throws<ConfigurationException>(() => options.Validated());

        Assert.Equal(
            [
                "BinAuthz:Audit:Key: 'k' is no Cloud KMS key: write projects/P/locations/L/keyRings/R/cryptoKeys/K.",
                "BinAuthz:Audit:Repositories: 'r' is no repository: write projects/P/locations/L/repositories/R.",
                "BinAuthz:Audit:Projects: 'a/b' is no project id: write it alone, such as acme-prod.",
                "BinAuthz:Audit:Clusters: 'prod' is no cluster: write LOCATION.NAME, such as us-central1.prod.",
                "BinAuthz:Audit:Clusters is for one project, and BinAuthz:Audit:Projects names 2: leave one of them out.",
                "BinAuthz:Audit:Allowed: '*' is no pattern: write REGISTRY/PATH, and * or ** at its end only.",
                "BinAuthz:Audit:ProtectionLevel: 'HSM' is no protection level: write hsm or software.",
                .. new[] { ("Signers", "s@p.iam.gserviceaccount.com"), ("Rotators", "allUsers"), ("Auditors", "user: u@acme.example"), ("Administrators", "group:") }.Select(each =>
                    $"BinAuthz:Audit:{each.Item1}: '{each.Item2}' is no IAM member: write its kind, too, such as serviceAccount:NAME@PROJECT.iam.gserviceaccount.com or group:NAME@DOMAIN."),
                "BinAuthz:Audit:FindingsTopic: 't' is no topic: write projects/P/topics/T.",
                "BinAuthz:Audit:ShardSize: '0' is too few: write 1 at least.",
                "BinAuthz:Audit:FindingsPerRule: '-1' is too few: write 1 at least.",
                "BinAuthz:Audit:Grace: '365.00:00:00.0000001' is no such time: write one from 0 to 365 days, such as 01:00:00 for an hour.",
            ],
            error.Problems);
        options.Grace = TimeSpan.FromTicks(-1);
        Assert.Contains(AuditOptionsValidation.Problems(options), problem => problem.Contains("Grace: '-00:00:00.0000001'", StringComparison.Ordinal));
    }

    [Fact]
    public void Problems_ClustersOfOneProject_AreNone()
    {
        var options = new AuditOptions();
        options.Clusters.Add("us-central1.prod");
        options.Projects.Add("acme-prod");

        Assert.Empty(AuditOptionsValidation.Problems(options));
    }

    [Theory]
    [InlineData(null, "production", ProtectionLevel.Hsm)]
    [InlineData(null, "staging", ProtectionLevel.Software)]
    [InlineData(null, "development", ProtectionLevel.Software)]
    [InlineData("hsm", "staging", ProtectionLevel.Hsm)]
    [InlineData("software", "production", ProtectionLevel.Software)]
    public void RequiredProtection_OfAnEnvironment_IsAsGivenOrHsmInProduction(string? option, string environment, ProtectionLevel expected) =>
        Assert.Equal(expected, new AuditOptions { ProtectionLevel = option }.RequiredProtection(DeploymentEnvironment.Parse(environment)));

    [Fact]
    public void RequiredProtection_UnknownWord_IsRefused() =>
        Assert.StartsWith("BinAuthz:Audit:ProtectionLevel: 'tpm'", Assert.Throws<ConfigurationException>(() => new AuditOptions { ProtectionLevel = "tpm" }.RequiredProtection(DeploymentEnvironment.Staging)).Message, StringComparison.Ordinal);
}
