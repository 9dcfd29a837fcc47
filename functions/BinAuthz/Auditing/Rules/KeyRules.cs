using BinAuthz.Attestations;
using BinAuthz.Auditing.Facts;
using BinAuthz.Checkup;
using BinAuthz.Keys;

namespace BinAuthz.Auditing.Rules;

/// <summary>The rules about keys and attestors.</summary>
internal static class KeyRules
{
    // Of RSA, 2048 bits are worth 112 of strength, which may be used through 2030 (NIST SP 800-57 part 1 rev. 5, tables 2 and 4; SP 800-131A rev. 2, section 3).
    private const int ShortestRsa = 3072;
    private static readonly DateTimeOffset EndOf112Bits = new(2031, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly AuditControl[] Keys = [AuditControl.KeyManagement, AuditControl.LogicalAccess, AuditControl.HipaaIntegrity];
    private static readonly AuditControl[] Trust = [AuditControl.KeyManagement, AuditControl.SignedComponents, AuditControl.LogicalAccess, AuditControl.HipaaIntegrity];

    public static IReadOnlyList<AuditRule> All { get; } =
    [
        new(
            "BA201",
            "A version that is disabled or destroyed is still trusted",
            AuditSeverity.High,
            "Admission does not ask Cloud KMS: what the version has signed, also by whoever the version was disabled for, is admitted until its key is taken off the attestor.",
            "Sign the images that must run again with a trusted version, then take the key off the attestor.",
            Keys,
            VersionRules.NotEnabled),
        new(
            "BA202",
            "A trusted key is no version of the signing key",
            AuditSeverity.High,
            "Whoever has the private half attests for this attestor, outside the key whose use is controlled and logged.",
            "Find out who added it, and take it off the attestor.",
            Trust,
            VersionRules.Foreign),
        new(
            "BA203",
            "A trusted version is older than its lifetime",
            AuditSeverity.Medium,
            "The longer a key is trusted, the more images it vouches for, and the more a theft that nobody noticed is worth.",
            "Let the rotation run, and see what stops it: `binauthz rotate status`.",
            Keys,
            VersionRules.TooOld),
        new(
            "BA204",
            "A trusted key has a weak or unspecified algorithm",
            AuditSeverity.High,
            "A signature is worth as much as its algorithm; one that is not specified is not verified, or by whatever the service takes it for.",
            "Make a version with a strong algorithm, such as ec-sign-p256-sha256: set BinAuthz:Rotation:Algorithm and let the rotation run.",
            Keys,
            WeakAlgorithm),
        new(
            "BA205",
            "A trusted key is PGP",
            AuditSeverity.Medium,
            "The private half of a PGP key is a file that can be copied, and nobody logs its use; its signatures are not verified here.",
            "Sign with a Cloud KMS key instead, and take the PGP key off the attestor.",
            Keys,
            Pgp),
        new(
            "BA206",
            "An attestor trusts no key",
            AuditSeverity.High,
            "No attestation of it ever verifies: whatever asks for it denies every image, or is a dry run or a break-glass that has become a habit.",
            "List the newest enabled version: `binauthz setup` does.",
            Trust,
            NoKeys),
        new(
            "BA207",
            "A key is shared between environments",
            AuditSeverity.Critical,
            "What another environment approves, under weaker rules perhaps, is admitted here: a signature counts under every attestor that trusts its key.",
            "Give each environment a key of its own, sign anew what must run, and take the shared key off the attestor.",
            Trust,
            SharedKeyRule.Shared),
        new(
            "BA208",
            "The protection level of a trusted version is below the required",
            AuditSeverity.Medium,
            "A key outside a hardware module may leave it; one inside cannot be copied by anybody.",
            "Make a key of the required protection level, which cannot be changed afterwards, name it in the approval policy, and let the rotation sign anew.",
            Keys,
            VersionRules.Unprotected),
        new(
            "BA209",
            "The public key on the attestor is not the one of that Cloud KMS version",
            AuditSeverity.Critical,
            "Under the name of the team's own key, somebody else's signatures are believed, and Cloud KMS logs nothing of them.",
            "Find out who changed the attestor, take the key off and add the version again with `gcloud container binauthz attestors public-keys add`; then look at what was admitted since.",
            Trust,
            VersionRules.OtherPublicKey),
        new(
            "BA210",
            "An attestor or its note is missing",
            AuditSeverity.Critical,
            "Attestations of the environment can be neither stored nor verified, and whoever makes a note of that name owns what is stored under it.",
            "Find out who deleted it, and make it again: `binauthz setup`. Attestations under a deleted note are gone, so sign anew.",
            [AuditControl.SignedComponents, AuditControl.ConfigurationSettings, AuditControl.SlsaVerification],
            Missing),
    ];

    /// <summary>BA204.</summary>
    public static RuleAssessment WeakAlgorithm(AuditRule rule, AuditFacts facts) => OfKeys(facts, (attestor, key) =>
    {
        if (key.Pem is null)
        {
            // PGP; another rule's.
            return null;
        }

        if (key.Algorithm is not { } algorithm)
        {
            return rule.Finding(TrustedKey.ResourceOf(attestor, key), $"{attestor.Name} lists the key without a signature algorithm, or with one that is not known here.");
        }

        // The platform may lack ML-DSA, which makes the key no weaker.
        if (algorithm.Family != SignatureFamily.MlDsa && !key.TryImport(out _, out var error))
        {
            return rule.Finding(TrustedKey.ResourceOf(attestor, key), $"{attestor.Name} lists the key as {algorithm.BinAuthzName}, and it is none: {error}");
        }

        return algorithm.Family is SignatureFamily.RsaPss or SignatureFamily.RsaPkcs1 && algorithm.KeySize < ShortestRsa ? ShortRsa(rule, facts, TrustedKey.ResourceOf(attestor, key), algorithm) : null;
    });

    /// <summary>BA205.</summary>
    public static RuleAssessment Pgp(AuditRule rule, AuditFacts facts) => OfKeys(facts, (attestor, key) => key.Pem is null
        ? rule.Finding(TrustedKey.ResourceOf(attestor, key), $"{attestor.Name} trusts a PGP key.") with { Remedy = $"{rule.Remedy} {TrustedKey.RemoveCommand(attestor, key)}" }
        : null);

    /// <summary>BA206. Attestors of others that the policy asks count too.</summary>
    public static RuleAssessment NoKeys(AuditRule rule, AuditFacts facts)
    {
        var subjects = facts.Attestors.Select(each => each.Subject.Attestor).ToHashSet();
        var asked = facts.Policy.Attestors.Where(each => !subjects.Contains(each.Key)).Select(each => each.Value);
        return RuleAssessment.Of(facts.Attestors.Select(each => each.Attestor).Concat(asked), attestor => attestor is { Keys.Count: 0 }
            ? [rule.Finding(attestor.Name, $"{attestor.Name} has no public key, so that no attestation of it ever verifies.")]
            : []);
    }

    /// <summary>BA210.</summary>
    public static RuleAssessment Missing(AuditRule rule, AuditFacts facts) => RuleAssessment.All(facts.Attestors.SelectMany(each => new[]
    {
        RuleAssessment.Of(each.Attestor, attestor => attestor is null ? [rule.Finding(each.Subject.Attestor, $"There is no attestor {each.Subject.Attestor}.")] : []),
        MissingNote(rule, each),
    }));

    private static RuleAssessment MissingNote(AuditRule rule, AuditedAttestor each)
    {
        if (each.Attestor.Or(null) is not { } attestor)
        {
            return new RuleAssessment.Assessed([]);
        }

        var note = each.HasNote ?? new Fact<bool>.Unknown(new Obstacle($"Whether {attestor.Note} exists was not read.", "Run it again.", IsTransient: true));
        return RuleAssessment.Of(note, exists => exists ? [] : [rule.Finding(attestor.Note, $"{attestor.Name} hangs its attestations on {attestor.Note}, which does not exist.")]);
    }

    private static AuditFinding ShortRsa(AuditRule rule, AuditFacts facts, string resource, SignatureAlgorithm algorithm)
    {
        const string Strength = "has 112 bits of strength, which NIST SP 800-57 and SP 800-131A accept for signatures through 2030";
        return facts.Now < EndOf112Bits
            ? rule.Finding(resource, $"{algorithm.BinAuthzName} {Strength}. Plan for its successor.") with { Severity = AuditSeverity.Low }
            : rule.Finding(resource, $"{algorithm.BinAuthzName} {Strength} and not after.");
    }

    private static RuleAssessment OfKeys(AuditFacts facts, Func<Attestor, AttestorKey, AuditFinding?> judge) => RuleAssessment.Of(
        facts.Attestors.Select(each => each.Attestor), attestor => attestor?.Keys.Select(key => judge(attestor, key)).OfType<AuditFinding>().DistinctBy(finding => finding.Resource) ?? []);
}
