using System.Security.Cryptography;
using BinAuthz.Attestations;
using BinAuthz.Auditing;
using BinAuthz.Auditing.Facts;
using BinAuthz.Checkup;
using BinAuthz.Keys;

namespace BinAuthz.Tests.Auditing.Rules;

/// <summary>BA204 to BA207 and BA210: what an attestor lists.</summary>
public sealed class KeyRulesTests
{
    private static readonly RSA Rsa = RSA.Create(2048);
    private static readonly AttestorKey RsaKey = new("ni:///sha-256;rsa", Rsa.ExportSubjectPublicKeyInfoPem(), SignatureAlgorithm.Parse("rsa-sign-pss-2048-sha256"), "");

    [Fact]
    public void WeakAlgorithm_Unspecified_IsHigh()
    {
        var finding = Judged.Single("BA204", Judged.WithKey(key => key with { Algorithm = null }), AuditSeverity.High, Judged.KeyResource);

        Assert.Contains("without a signature algorithm", finding.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rsa-sign-pss-2048-sha256")]
    [InlineData("rsa-sign-pkcs1-2048-sha256")]
    public void WeakAlgorithm_Rsa2048BeforeTheEndOf2030_IsLow(string algorithm)
    {
        var facts = Judged.WithKeys(RsaKey with { Algorithm = SignatureAlgorithm.Parse(algorithm) });
        facts = facts with { Request = facts.Request with { Time = new DateTimeOffset(2030, 12, 31, 23, 59, 59, TimeSpan.Zero) } };

        var finding = Judged.Single("BA204", facts, AuditSeverity.Low, Judged.ResourceOf(RsaKey.Id));

        Assert.Contains("112 bits", finding.Detail, StringComparison.Ordinal);
        Assert.Contains("through 2030", finding.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void WeakAlgorithm_Rsa2048After2030_IsHigh()
    {
        var facts = Judged.WithKeys(RsaKey);
        facts = facts with { Request = facts.Request with { Time = new DateTimeOffset(2031, 1, 1, 0, 0, 0, TimeSpan.Zero) } };

        Assert.Contains("not after", Judged.Single("BA204", facts, AuditSeverity.High, Judged.ResourceOf(RsaKey.Id)).Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rsa-sign-pss-3072-sha256", 3072)]
    [InlineData("rsa-sign-pkcs1-3072-sha256", 3072)]
    public void WeakAlgorithm_Rsa3072_IsNotFound(string algorithm, int bits)
    {
        using var rsa = RSA.Create(bits);

        Assert.Empty(Judged.Found("BA204", Judged.WithKeys(RsaKey with { Pem = rsa.ExportSubjectPublicKeyInfoPem(), Algorithm = SignatureAlgorithm.Parse(algorithm) })));
    }

    [Fact]
    public void WeakAlgorithm_KeyOfAnotherKind_IsHighAndSaysWhy()
    {
        var finding = Judged.Single("BA204", Judged.WithKeys(RsaKey with { Algorithm = SignatureAlgorithm.Default }), AuditSeverity.High, Judged.ResourceOf(RsaKey.Id));

        Assert.Contains("lists the key as ECDSA_P256_SHA256, and it is none", finding.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void WeakAlgorithm_MlDsa_IsNotFoundWhateverThePlatformCanRead() =>
        Assert.Empty(Judged.Found("BA204", Judged.WithKeys(RsaKey with { Pem = "not read", Algorithm = SignatureAlgorithm.Parse("pq-sign-ml-dsa-65") })));

    [Fact]
    public void WeakAlgorithm_Pgp_IsAnotherRules() => Assert.Empty(Judged.Found("BA204", Judged.WithKey(key => key with { Pem = null, Algorithm = null })));

    [Fact]
    public void WeakAlgorithm_SameIdTwice_IsOneFinding() => Assert.Single(Judged.Found("BA204", Judged.WithKeys(RsaKey, RsaKey with { Comment = "again" })));

    [Fact]
    public void Pgp_KeyWithoutPem_IsFoundWithTheCommandThatTakesItOff()
    {
        var finding = Judged.Single("BA205", Judged.WithKeys(CleanFacts.Attestor.Keys[0], new AttestorKey("ABCD", null, null, "")), AuditSeverity.Medium, Judged.ResourceOf("ABCD"));

        Assert.EndsWith("`gcloud container binauthz attestors public-keys remove 'ABCD' --attestor=production-attestor --project=acme-prod`", finding.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void NoKeys_OwnAttestor_IsFound() => Judged.Single("BA206", Judged.WithKeys(), AuditSeverity.High, CleanFacts.Subject.Attestor.ToString());

    [Fact]
    public void NoKeys_AttestorThatThePolicyAsks_IsFound()
    {
        var other = CleanFacts.Attestor with { Name = AttestorName.Parse("projects/acme-prod/attestors/built"), Keys = [] };
        var facts = CleanFacts.Facts with { Policy = CleanFacts.Facts.Policy with { Attestors = new Dictionary<AttestorName, Fact<Attestor?>> { [other.Name] = CleanFacts.Known<Attestor?>(other) } } };

        Judged.Single("BA206", facts, AuditSeverity.High, other.Name.ToString());
    }

    [Fact]
    public void NoKeys_OwnAttestorThatThePolicyAsks_IsFoundOnce()
    {
        var empty = CleanFacts.Known<Attestor?>(CleanFacts.Attestor with { Keys = [] });
        var facts = Judged.WithKeys() with { Policy = CleanFacts.Facts.Policy with { Attestors = new Dictionary<AttestorName, Fact<Attestor?>> { [CleanFacts.Subject.Attestor] = empty } } };

        Judged.Single("BA206", facts, AuditSeverity.High, CleanFacts.Subject.Attestor.ToString());
    }

    [Fact]
    public void NoKeys_AttestorOfThePolicyUnread_IsNotAssessed()
    {
        var unread = new Dictionary<AttestorName, Fact<Attestor?>> { [AttestorName.Parse("projects/acme-prod/attestors/built")] = CleanFacts.Unknown<Attestor?>() };

        Assert.Empty(Judged.NotAssessed("BA206", CleanFacts.Facts with { Policy = CleanFacts.Facts.Policy with { Attestors = unread } }));
    }

    [Fact]
    public void Missing_Attestor_IsFoundAndItsNoteIsNotAskedFor() => Assert.StartsWith(
        "There is no attestor", Judged.Single("BA210", Judged.With(Judged.Clean with { Attestor = CleanFacts.Known<Attestor?>(null), HasNote = null }), AuditSeverity.Critical, CleanFacts.Subject.Attestor.ToString()).Detail, StringComparison.Ordinal);

    [Fact]
    public void Missing_Note_IsFound() => Assert.Contains(
        "which does not exist", Judged.Single("BA210", Judged.With(Judged.Clean with { HasNote = CleanFacts.Known(false) }), AuditSeverity.Critical, CleanFacts.Attestor.Note.ToString()).Detail, StringComparison.Ordinal);

    [Fact]
    public void Missing_NoteUnread_IsNotAssessed() => Assert.Empty(Judged.NotAssessed("BA210", Judged.With(Judged.Clean with { HasNote = CleanFacts.Unknown<bool>() })));

    [Fact]
    public void Missing_NoteNotAskedFor_IsNotAssessed() => Assert.Contains(
        CleanFacts.Attestor.Note.ToString(), Assert.IsType<RuleAssessment.NotAssessed>(Judged.Judge("BA210", Judged.With(Judged.Clean with { HasNote = null }))).Reason, StringComparison.Ordinal);

    [Theory]
    [InlineData("BA204")]
    [InlineData("BA205")]
    [InlineData("BA206")]
    [InlineData("BA207")]
    [InlineData("BA210")]
    public void Judge_AttestorUnread_IsNotAssessed(string id) =>
        Assert.Empty(Judged.NotAssessed(id, Judged.With(Judged.Clean with { Attestor = CleanFacts.Unknown<Attestor?>(), HasNote = null })));

    [Theory]
    [InlineData("BA204")]
    [InlineData("BA205")]
    [InlineData("BA206")]
    [InlineData("BA207")]
    public void Judge_NoAttestor_FindsNothing(string id) => Assert.Empty(Judged.Found(id, Judged.With(Judged.Clean with { Attestor = CleanFacts.Known<Attestor?>(null), HasNote = null })));

    [Fact]
    public void Shared_VersionOfAnotherEnvironmentsKey_IsCritical()
    {
        const string Id = "//cloudkms.googleapis.com/v1/projects/acme-prod/locations/us-central1/keyRings/staging-binauthz/cryptoKeys/attestor-key/cryptoKeyVersions/1";
        var finding = Judged.Single("BA207", Judged.WithKeys(RsaKey with { Id = Id }), AuditSeverity.Critical, Judged.ResourceOf(Id));

        Assert.Contains("is a version of a key of staging", finding.Detail, StringComparison.Ordinal);
        Assert.Empty(finding.Evidence);
    }

    [Fact]
    public void Shared_SamePublicKeyUnderAnotherIdInAnotherEnvironment_IsCriticalAndNamesIt()
    {
        var finding = Judged.Single("BA207", Beside("staging-attestor", CleanFacts.Attestor.Keys[0] with { Id = "ni:///sha-256;other", Pem = $"\r\n{CleanFacts.Pem.ReplaceLineEndings("\r\n")}" }), AuditSeverity.Critical, Judged.KeyResource);

        Assert.Contains("projects/acme-prod/attestors/staging-attestor of staging trusts the same key", finding.Detail, StringComparison.Ordinal);
        Assert.Equal([new EvidenceLink("attestor", "projects/acme-prod/attestors/staging-attestor")], finding.Evidence);
    }

    [Fact]
    public void Shared_SameIdWithAnotherPublicKey_IsCritical() =>
        Judged.Single("BA207", Beside("staging-attestor", RsaKey with { Id = CleanFacts.Version.PublicKeyId }), AuditSeverity.Critical, Judged.KeyResource);

    [Fact]
    public void Shared_WithAnAttestorOfNoEnvironment_IsHigh() => Assert.Contains(
        "tells of no environment", Judged.Single("BA207", Beside("built", CleanFacts.Attestor.Keys[0]), AuditSeverity.High, Judged.KeyResource).Detail, StringComparison.Ordinal);

    [Theory]
    [InlineData("production-built")]
    [InlineData("production-attestor")]
    public void Shared_WithinTheEnvironment_IsNotFound(string id) => Assert.Empty(Judged.Found("BA207", Beside(id, CleanFacts.Attestor.Keys[0])));

    [Fact]
    public void Shared_AnotherEnvironmentWithItsOwnKey_IsNotFound() => Assert.Empty(Judged.Found("BA207", Beside("staging-attestor", RsaKey)));

    [Fact]
    public void Shared_OneOfSeveralKeysAndAttestors_IsCritical()
    {
        var staging = Other("staging-attestor", RsaKey, CleanFacts.Attestor.Keys[0]);
        var facts = CleanFacts.Facts with { Policy = CleanFacts.Facts.Policy with { Neighbours = CleanFacts.Known<IReadOnlyList<Attestor>>([Other("built", CleanFacts.Attestor.Keys[0]), staging]) } };

        Assert.Equal(2, Judged.Single("BA207", facts, AuditSeverity.Critical, Judged.KeyResource).Evidence.Count);
    }

    [Fact]
    public void Shared_TwoKeysWithoutPem_AreNotTheSame() =>
        Assert.Empty(Judged.Found("BA207", Beside("staging-attestor", RsaKey with { Pem = null }, Judged.WithKey(key => key with { Pem = null }))));

    [Fact]
    public void Shared_NeighboursUnread_IsNotAssessedAndTellsWhatItKnows()
    {
        const string Id = "//cloudkms.googleapis.com/v1/projects/acme-prod/locations/us-central1/keyRings/staging-binauthz/cryptoKeys/attestor-key/cryptoKeyVersions/1";
        var facts = Judged.WithKeys(RsaKey with { Id = Id });

        Assert.Single(Judged.NotAssessed("BA207", facts with { Policy = facts.Policy with { Neighbours = CleanFacts.Unknown<IReadOnlyList<Attestor>>() } }));
    }

    [Fact]
    public void Neighbours_NotRead_AreNotKnown()
    {
        var policy = new AuditedPolicy(CleanFacts.Facts.Policy.Policy, CleanFacts.Facts.Policy.Attestors, CleanFacts.Facts.Policy.Clusters);

        Assert.Equal("The attestors of the project were not read.", Assert.IsType<RuleAssessment.NotAssessed>(Judged.Judge("BA207", CleanFacts.Facts with { Policy = policy })).Reason);
    }

    private static Attestor Other(string id, params AttestorKey[] keys) => CleanFacts.Attestor with { Name = AttestorName.Parse($"projects/acme-prod/attestors/{id}"), Keys = keys };

    private static AuditFacts Beside(string id, AttestorKey key, AuditFacts? facts = null)
    {
        facts ??= CleanFacts.Facts;
        return facts with { Policy = facts.Policy with { Neighbours = CleanFacts.Known<IReadOnlyList<Attestor>>([CleanFacts.Attestor, Other(id, key)]) } };
    }
}
