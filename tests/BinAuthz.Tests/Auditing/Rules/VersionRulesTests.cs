using System.Security.Cryptography;
using BinAuthz.Attestations;
using BinAuthz.Auditing;
using BinAuthz.Auditing.Facts;
using BinAuthz.Checkup;
using BinAuthz.Keys;
using BinAuthz.Rotation;
using BinAuthz.Setup;
using Google.Cloud.Kms.V1;
using State = Google.Cloud.Kms.V1.CryptoKeyVersion.Types.CryptoKeyVersionState;

namespace BinAuthz.Tests.Auditing.Rules;

/// <summary>BA201, BA202, BA203, BA208 and BA209: what stands behind trusted keys in Cloud KMS.</summary>
public sealed class VersionRulesTests
{
    private static readonly ECDsa Other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private static readonly string OtherPem = Other.ExportSubjectPublicKeyInfoPem();
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(90);
    private static readonly TimeSpan Overlap = TimeSpan.FromDays(7) + TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Slack = TimeSpan.FromDays(2);

    [Theory]
    [InlineData(State.Disabled, "DISABLED")]
    [InlineData(State.Destroyed, "DESTROYED")]
    [InlineData(State.DestroyScheduled, "DESTROY_SCHEDULED")]
    [InlineData(State.PendingGeneration, "PENDING_GENERATION")]
    [InlineData(State.GenerationFailed, "GENERATION_FAILED")]
    public void NotEnabled_TrustedVersionOfThatState_IsFound(State state, string words)
    {
        var finding = Judged.Single("BA201", Judged.WithVersion(version => version with { State = state }), AuditSeverity.High, Judged.KeyResource);

        Assert.StartsWith($"{CleanFacts.Version} is {words} in Cloud KMS", finding.Detail, StringComparison.Ordinal);
        Assert.Contains($"public-keys remove '{CleanFacts.Version.PublicKeyId}' --attestor=production-attestor --project=acme-prod`", finding.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void NotEnabled_DisabledVersionThatIsNotTrusted_IsNotFound() =>
        Assert.Empty(Judged.Found("BA201", Judged.WithVersions(Judged.Version, Version(2, State.Disabled))));

    [Fact]
    public void Foreign_IdOfNoVersion_IsFound() => Assert.StartsWith(
        "The id 'ni:///sha-256;abc' names no version", Judged.Single("BA202", Judged.WithKey(key => key with { Id = "ni:///sha-256;abc" }), AuditSeverity.High, Judged.ResourceOf("ni:///sha-256;abc")).Detail, StringComparison.Ordinal);

    [Fact]
    public void Foreign_VersionOfAnotherKey_IsFound()
    {
        var id = CleanFacts.Version.PublicKeyId.Replace("attestor-key", "other-key", StringComparison.Ordinal);

        Assert.Contains("is a version of another key than", Judged.Single("BA202", Judged.WithKey(key => key with { Id = id }), AuditSeverity.High, Judged.ResourceOf(id)).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Foreign_VersionThatCloudKmsDoesNotHave_IsFound()
    {
        var finding = Judged.Single("BA202", Judged.WithVersions(Version(2, State.Enabled)), AuditSeverity.High, Judged.KeyResource);

        Assert.StartsWith($"Cloud KMS has no version {CleanFacts.Version}, and {CleanFacts.Subject.Attestor} trusts it.", finding.Detail, StringComparison.Ordinal);
        Assert.Contains("public-keys remove", finding.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void Foreign_DisabledVersion_IsAnotherRules() => Assert.Empty(Judged.Found("BA202", Judged.WithVersion(version => version with { State = State.Disabled })));

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    public void TooOld_OnlyVersion_IsFoundWhenItsLifetimeAndTheSlackAreOver(int seconds, bool isFound)
    {
        var created = CleanFacts.Now - Lifetime - Slack - TimeSpan.FromSeconds(seconds);
        var findings = Judged.Found("BA203", Judged.WithVersion(version => version with { Created = created }));

        Assert.Equal(isFound ? [(AuditSeverity.Medium, Judged.KeyResource, created + Lifetime)] : [], findings.Select(finding => (finding.Severity, finding.Resource, finding.Since!.Value)));
        Assert.All(findings, finding => Assert.EndsWith("is 92 days old, and its lifetime is 90. No successor signs.", finding.Detail, StringComparison.Ordinal));
    }

    [Fact]
    public void TooOld_OtherLifetime_Counts()
    {
        var facts = Judged.WithVersion(version => version with { Created = CleanFacts.Now - TimeSpan.FromDays(4) });

        Judged.Single("BA203", facts with { Request = facts.Request with { KeyLifetime = TimeSpan.FromDays(1) } }, AuditSeverity.Medium, Judged.KeyResource);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    public void TooOld_VersionBesideItsSuccessor_IsFoundWhenTheOverlapAndTheSlackAreOver(int seconds, bool isFound)
    {
        var facts = Rotated(CleanFacts.Now - Overlap - Slack - TimeSpan.FromSeconds(seconds));

        var findings = Judged.Found("BA203", facts);

        Assert.Equal(isFound ? [Judged.KeyResource] : [], findings.Select(finding => finding.Resource));
        Assert.All(findings, finding => Assert.Contains($"{CleanFacts.Subject.Key.Version(2)} has taken its place, and {CleanFacts.Subject.Attestor} trusts it still.", finding.Detail, StringComparison.Ordinal));
    }

    [Fact]
    public void TooOld_YoungVersionLongAfterItsSuccessor_IsNotFound()
    {
        var facts = Judged.With(Judged.Clean with
        {
            Attestor = CleanFacts.Known<Attestor?>(CleanFacts.Attestor with { Keys = [CleanFacts.Attestor.Keys[0], Key(2, CleanFacts.Now - TimeSpan.FromDays(60))] }),
            Versions = CleanFacts.Known<IReadOnlyList<AuditedVersion>>([Created(Judged.Version, CleanFacts.Now - TimeSpan.FromDays(80)), Created(Version(2, State.Enabled), CleanFacts.Now - TimeSpan.FromDays(60))]),
        });

        Assert.Empty(Judged.Found("BA203", facts));
    }

    [Fact]
    public void TooOld_SuccessorWithoutComment_IsTrustedSinceItsRecord()
    {
        var facts = Rotated(null).Attestors[0];
        var record = new KeyRecord(CleanFacts.Subject.Key.Version(2), KeyRecordKind.Trusted, CleanFacts.Now - TimeSpan.FromDays(1), CleanFacts.Pem, SignatureAlgorithm.Default, "");

        Assert.Empty(Judged.Found("BA203", Judged.With(Judged.WithRecords(facts, record))));
        Assert.Single(Judged.Found("BA203", Judged.With(Judged.WithRecords(facts, record with { Kind = KeyRecordKind.Retired }))));
        Assert.Single(Judged.Found("BA203", Judged.With(Judged.WithRecords(facts, record with { Version = CleanFacts.Version }))));
    }

    [Fact]
    public void TooOld_DisabledSuccessor_HelpsNothing()
    {
        var facts = Rotated(CleanFacts.Now).Attestors[0];
        var versions = ((Fact<IReadOnlyList<AuditedVersion>>.Known)facts.Versions).Value;

        var found = Judged.Found("BA203", Judged.With(facts with { Versions = CleanFacts.Known<IReadOnlyList<AuditedVersion>>([versions[0], versions[1] with { Description = versions[1].Description with { State = State.Disabled } }]) }));

        Assert.EndsWith("No successor signs.", Assert.Single(found).Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ProtectionLevel.Software, "SOFTWARE")]
    [InlineData(ProtectionLevel.External, "EXTERNAL")]
    [InlineData(ProtectionLevel.Unspecified, "UNSPECIFIED")]
    public void Unprotected_InProductionBelowHsm_IsFound(ProtectionLevel level, string words)
    {
        var finding = Judged.Single("BA208", Judged.WithVersion(version => version with { Protection = level }), AuditSeverity.Medium, Judged.KeyResource);

        Assert.Equal($"{CleanFacts.Version} has the protection level {words}, and production needs HSM.", finding.Detail);
        Assert.Equal(Judged.Version.Description.Created, finding.Since);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    public void Unprotected_Hsm_IsNotFound(int level) => Assert.Empty(Judged.Found("BA208", Judged.WithVersion(version => version with { Protection = (ProtectionLevel)level })));

    [Fact]
    public void Unprotected_ImportedIntoTheHsm_IsFound() => Assert.Contains(
        "was imported", Judged.Single("BA208", Judged.WithVersion(version => version with { IsImported = true }), AuditSeverity.Medium, Judged.KeyResource).Detail, StringComparison.Ordinal);

    [Fact]
    public void Unprotected_SoftwareIsEnough_SoftwareAndImportedAreNotFoundAndUnspecifiedIs()
    {
        Assert.Empty(Judged.Found("BA208", Judged.WithOptions(options => options.ProtectionLevel = "software", Judged.WithVersion(version => version with { Protection = ProtectionLevel.Software, IsImported = true }))));
        Assert.Contains(
            "tells no protection level",
            Judged.Single("BA208", Judged.WithOptions(options => options.ProtectionLevel = "software", Judged.WithVersion(version => version with { Protection = ProtectionLevel.Unspecified })), AuditSeverity.Medium, Judged.KeyResource).Detail,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Unprotected_Staging_NeedsNoHsmUnlessItIsAskedFor()
    {
        var facts = Judged.WithVersion(version => version with { Protection = ProtectionLevel.Software });
        facts = facts with { Request = facts.Request with { Environment = DeploymentEnvironment.Staging } };

        Assert.Empty(Judged.Found("BA208", facts));
        Assert.Single(Judged.Found("BA208", Judged.WithOptions(options => options.ProtectionLevel = "hsm", facts)));
    }

    [Fact]
    public void Unprotected_DisabledOrUntrustedVersion_IsNotFound()
    {
        Assert.Empty(Judged.Found("BA208", Judged.WithVersion(version => version with { Protection = ProtectionLevel.Software, State = State.Disabled })));
        Assert.Empty(Judged.Found("BA208", Judged.WithVersions(Judged.Version, Version(2, State.Enabled))));
    }

    [Fact]
    public void OtherPublicKey_Substituted_IsCritical()
    {
        var finding = Judged.Single("BA209", Judged.WithKey(key => key with { Pem = OtherPem }), AuditSeverity.Critical, Judged.KeyResource);

        Assert.Contains($"under the id of {CleanFacts.Version} than Cloud KMS gives out", finding.Detail, StringComparison.Ordinal);
        Assert.Contains("public-keys remove", finding.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void OtherPublicKey_SecondKeyUnderTheSameId_IsFound() =>
        Judged.Single("BA209", Judged.WithKeys(CleanFacts.Attestor.Keys[0], CleanFacts.Attestor.Keys[0] with { Pem = OtherPem }), AuditSeverity.Critical, Judged.KeyResource);

    [Fact]
    public void OtherPublicKey_Pgp_IsCritical() => Judged.Single("BA209", Judged.WithKey(key => key with { Pem = null }), AuditSeverity.Critical, Judged.KeyResource);

    [Fact]
    public void OtherPublicKey_OtherLineEnds_IsNotFound() => Assert.Empty(Judged.Found("BA209", Judged.WithKey(key => key with { Pem = CleanFacts.Pem.ReplaceLineEndings("\r\n") + "\n" })));

    [Fact]
    public void OtherPublicKey_OtherAlgorithm_IsHigh()
    {
        Assert.Contains(
            "lists projects/acme-prod/locations/us-central1/keyRings/production-binauthz/cryptoKeys/attestor-key/cryptoKeyVersions/1 as ECDSA_P384_SHA384, and Cloud KMS signs with ECDSA_P256_SHA256",
            Judged.Single("BA209", Judged.WithKey(key => key with { Algorithm = SignatureAlgorithm.Parse("ec-sign-p384-sha384") }), AuditSeverity.High, Judged.KeyResource).Detail,
            StringComparison.Ordinal);
        Assert.Contains(
            "an algorithm that Binary Authorization does not accept", Judged.Single("BA209", Judged.WithVersion(version => version with { Algorithm = null }), AuditSeverity.High, Judged.KeyResource).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void OtherPublicKey_AlgorithmNotListed_IsAnotherRules() => Assert.Empty(Judged.Found("BA209", Judged.WithKey(key => key with { Algorithm = null })));

    [Fact]
    public void OtherPublicKey_KeyOfNoVersion_IsAnotherRules() => Assert.Empty(Judged.Found("BA209", Judged.WithKey(key => key with { Id = "ni:///sha-256;abc", Pem = OtherPem })));

    [Fact]
    public void OtherPublicKey_DisabledVersion_IsComparedToItsRecord()
    {
        var disabled = Judged.WithVersions(Version(1, State.Disabled)).Attestors[0];
        var record = new KeyRecord(CleanFacts.Version, KeyRecordKind.Trusted, CleanFacts.Now, CleanFacts.Pem, SignatureAlgorithm.Default, "");

        Assert.Empty(Judged.Found("BA209", Judged.With(Judged.WithRecords(disabled, record))));
        Assert.Contains($"was recorded of it at {Rfc3339.Write(CleanFacts.Now)}", Judged.Single("BA209", Judged.With(Judged.WithRecords(disabled, record with { Pem = OtherPem })), AuditSeverity.Critical, Judged.KeyResource).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void OtherPublicKey_DisabledVersionWithoutRecord_IsNotAssessed()
    {
        var disabled = Judged.WithVersions(Version(1, State.Disabled)).Attestors[0];
        var record = new KeyRecord(CleanFacts.Subject.Key.Version(2), KeyRecordKind.Trusted, CleanFacts.Now, CleanFacts.Pem, SignatureAlgorithm.Default, "");

        var not = Assert.IsType<RuleAssessment.NotAssessed>(Judged.Judge("BA209", Judged.With(Judged.WithRecords(disabled, record))));

        Assert.Equal($"Cloud KMS gives out no public key of {CleanFacts.Version}, which is DISABLED, and no record keeps it.", not.Reason);
        Assert.Empty(not.Findings);
    }

    [Fact]
    public void OtherPublicKey_VersionGoneWithoutRecord_IsNotAssessed() => Assert.Contains(
        "which is not there", Assert.IsType<RuleAssessment.NotAssessed>(Judged.Judge("BA209", Judged.With(Judged.WithRecords(Judged.WithVersions().Attestors[0])))).Reason, StringComparison.Ordinal);

    [Fact]
    public void OtherPublicKey_RecordsUnread_IsNotAssessedOnlyWhereTheyAreNeeded()
    {
        Assert.Empty(Judged.NotAssessed("BA209", Judged.With(Judged.WithVersions(Version(1, State.Disabled)).Attestors[0] with { Records = CleanFacts.Unknown<IReadOnlyList<KeyRecord>>() })));
        Assert.Empty(Judged.Found("BA209", Judged.With(Judged.Clean with { Records = CleanFacts.Unknown<IReadOnlyList<KeyRecord>>() })));
    }

    [Fact]
    public void OtherPublicKey_PublicKeyUnread_IsNotAssessed() =>
        Assert.Empty(Judged.NotAssessed("BA209", Judged.WithVersions(Judged.Version with { Pem = null, Unread = ((Fact<bool>.Unknown)CleanFacts.Unknown<bool>()).Why })));

    [Theory]
    [InlineData("BA201")]
    [InlineData("BA202")]
    [InlineData("BA203")]
    [InlineData("BA208")]
    [InlineData("BA209")]
    public void Judge_VersionsOrAttestorUnread_IsNotAssessed(string id)
    {
        Assert.Empty(Judged.NotAssessed(id, Judged.With(Judged.Clean with { Versions = CleanFacts.Unknown<IReadOnlyList<AuditedVersion>>() })));
        Assert.Empty(Judged.NotAssessed(id, Judged.With(Judged.Clean with { Attestor = CleanFacts.Unknown<Attestor?>() })));
        Assert.Empty(Judged.Found(id, Judged.With(Judged.Clean with { Attestor = CleanFacts.Known<Attestor?>(null) })));
    }

    [Fact]
    public void Judge_OneOfTwoAttestorsUnread_TellsOfTheOther()
    {
        var facts = Judged.WithVersion(version => version with { State = State.Disabled });

        Assert.Single(Judged.NotAssessed("BA201", facts with { Attestors = [.. facts.Attestors, Judged.Clean with { Versions = CleanFacts.Unknown<IReadOnlyList<AuditedVersion>>() }] }));
    }

    private static AuditFacts Rotated(DateTimeOffset? trusted) => Judged.With(Judged.Clean with
    {
        Attestor = CleanFacts.Known<Attestor?>(CleanFacts.Attestor with { Keys = [CleanFacts.Attestor.Keys[0], Key(2, trusted)] }),
        Versions = CleanFacts.Known<IReadOnlyList<AuditedVersion>>([Created(Judged.Version, CleanFacts.Now - TimeSpan.FromDays(100)), Created(Version(2, State.Enabled), CleanFacts.Now - TimeSpan.FromDays(10))]),
    });

    private static AttestorKey Key(long version, DateTimeOffset? trusted) =>
        new(CleanFacts.Subject.Key.Version(version).PublicKeyId, OtherPem, SignatureAlgorithm.Default, trusted is { } since ? TrustedSince.Comment(since) : "");

    private static AuditedVersion Version(long version, State state) =>
        new(Judged.Version.Description with { Name = CleanFacts.Subject.Key.Version(version), State = state, Protection = ProtectionLevel.Software }, null);

    private static AuditedVersion Created(AuditedVersion version, DateTimeOffset created) => version with { Description = version.Description with { Created = created } };
}
