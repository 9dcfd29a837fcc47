using System.Globalization;
using BinAuthz.Auditing.Facts;
using BinAuthz.Checkup;
using BinAuthz.Keys;
using BinAuthz.Rotation;
using Google.Cloud.Kms.V1;

namespace BinAuthz.Auditing.Rules;

/// <summary>The rules of <see cref="KeyRules"/> that look at the Cloud KMS versions behind trusted keys.</summary>
internal static class VersionRules
{
    // The rotation goes on each hour (README); before an old version loses trust, all images must have been signed anew.
    private static readonly TimeSpan Slack = TimeSpan.FromDays(2);

    // By number: contracts may be older than the level, which is a module that one customer has alone.
    private const ProtectionLevel SingleTenantHsm = (ProtectionLevel)5;

    /// <summary>BA201.</summary>
    public static RuleAssessment NotEnabled(AuditRule rule, AuditFacts facts) => Judge(facts, key => key.Version is { Description: { IsEnabled: false } version }
        ? rule.Finding(key.Resource, $"{version.Name} is {WordsOf(version.State)} in Cloud KMS, and {key.Attestor.Name} still trusts it.") with { Remedy = $"{rule.Remedy} {key.Remove}" }
        : null);

    /// <summary>BA202.</summary>
    public static RuleAssessment Foreign(AuditRule rule, AuditFacts facts) => Judge(facts, key =>
    {
        var what = key.Name is null ? $"The id '{key.Key.Id}' names no version of Cloud KMS"
            : !key.IsOfSigningKey ? $"{key.Name} is a version of another key than {key.Of.Subject.Key}, which signs for the attestor"
            : key.Version is null ? $"Cloud KMS has no version {key.Name}"
            : null;
        return what is null ? null : rule.Finding(key.Resource, $"{what}, and {key.Attestor.Name} trusts it.") with { Remedy = $"{rule.Remedy} {key.Remove}" };
    });

    /// <summary>BA203. The newest version may be as old as its lifetime; those before it may stay beside it for the overlap.</summary>
    public static RuleAssessment TooOld(AuditRule rule, AuditFacts facts) => RuleAssessment.Of(facts.Attestors.SelectMany(TrustedKey.All), keys =>
    {
        TrustedKey[] usable = [.. keys.Where(key => key.IsOfSigningKey && key.Version is { Description.IsEnabled: true })];
        var newest = usable.MaxBy(key => key.Name!.Version);
        return usable.Select(key => TooOld(rule, facts, key, newest!)).OfType<AuditFinding>().DistinctBy(finding => finding.Resource);
    });

    /// <summary>BA208.</summary>
    public static RuleAssessment Unprotected(AuditRule rule, AuditFacts facts)
    {
        var required = facts.Request.Options.RequiredProtection(facts.Request.Environment);
        return Judge(facts, key =>
        {
            if (key.Version is not { Description: { IsEnabled: true } version })
            {
                return null;
            }

            var isHsm = version.Protection is ProtectionLevel.Hsm or SingleTenantHsm;
            var what = required == ProtectionLevel.Hsm && !isHsm ? $"{version.Name} has the protection level {version.Protection.ToString().ToUpperInvariant()}, and {facts.Request.Environment} needs HSM"
                : version.Protection == ProtectionLevel.Unspecified ? $"Cloud KMS tells no protection level of {version.Name}"
                : required == ProtectionLevel.Hsm && version.IsImported ? $"The key material of {version.Name} was imported, so that it was outside the hardware module before"
                : null;
            return what is null ? null : rule.Finding(key.Resource, $"{what}.") with { Since = version.Created };
        });
    }

    /// <summary>BA209. Of versions that Cloud KMS gives no key out of any more, the record of their trust tells what it was.</summary>
    public static RuleAssessment OtherPublicKey(AuditRule rule, AuditFacts facts) => RuleAssessment.Of(
        facts.Attestors.SelectMany(TrustedKey.All).SelectMany(PublicKeys), compared => Compare(rule, compared));

    private static IEnumerable<AuditFinding> Compare(AuditRule rule, Comparison compared)
    {
        var (key, pem, source) = compared;
        if (!PublicKeyBytes.AreSame(key.Key.Pem, pem))
        {
            return [rule.Finding(key.Resource, $"{key.Attestor.Name} lists another public key under the id of {key.Name} than {source}: what the version signs is not admitted, and what the other key signs is.") with { Remedy = $"{rule.Remedy} {key.Remove}" }];
        }

        return key is { Key.Algorithm: { } listed, Version.Description.Algorithm: var real } && listed != real
            ? [rule.Finding(key.Resource, $"{key.Attestor.Name} lists {key.Name} as {listed.BinAuthzName}, and Cloud KMS signs with {real?.BinAuthzName ?? "an algorithm that Binary Authorization does not accept"}: what it signs is never admitted.") with { Severity = AuditSeverity.High }]
            : [];
    }

    private static IEnumerable<Fact<Comparison>> PublicKeys(Fact<IReadOnlyList<TrustedKey>> keys) => keys is Fact<IReadOnlyList<TrustedKey>>.Known known
        ? known.Value.Where(key => key.IsOfSigningKey).Select(PublicKey)
        : [new Fact<Comparison>.Unknown(((Fact<IReadOnlyList<TrustedKey>>.Unknown)keys).Why)];

    private static Fact<Comparison> PublicKey(TrustedKey key)
    {
        if (key.Version?.Pem is { } pem)
        {
            return new Fact<Comparison>.Known(new Comparison(key, pem, "Cloud KMS gives out"));
        }

        if (key.Version?.Unread is { } unread)
        {
            return new Fact<Comparison>.Unknown(unread);
        }

        if (key.Of.Records is Fact<IReadOnlyList<KeyRecord>>.Unknown { Why: var why })
        {
            return new Fact<Comparison>.Unknown(why);
        }

        return key.Of.Records.Or([]).LastOrDefault(record => record.Version == key.Name) is { } kept
            ? new Fact<Comparison>.Known(new Comparison(key, kept.Pem, $"was recorded of it at {Rfc3339.Write(kept.At)}"))
            : new Fact<Comparison>.Unknown(new Obstacle(
                $"Cloud KMS gives out no public key of {key.Name}, which is {(key.Version is { } version ? WordsOf(version.Description.State) : "not there")}, and no record keeps it.",
                "Take the key off the attestor, or enable the version and audit again.",
                IsTransient: false));
    }

    private static AuditFinding? TooOld(AuditRule rule, AuditFacts facts, TrustedKey key, TrustedKey newest)
    {
        var created = key.Version!.Description.Created;
        var end = RotationPolicy.After(created, facts.Request.KeyLifetime);
        var isOld = key.Name != newest.Name;
        var allowed = isOld && RotationPolicy.After(newest.Since, facts.Request.KeyOverlap) is var overlap && overlap > end ? overlap : end;
        if (facts.Now <= RotationPolicy.After(allowed, Slack))
        {
            return null;
        }

        var age = string.Create(CultureInfo.InvariantCulture, $"{key.Name} is {(facts.Now - created).TotalDays:0} days old, and its lifetime is {facts.Request.KeyLifetime.TotalDays:0.#}");
        return rule.Finding(key.Resource, isOld ? $"{age}. {newest.Name} has taken its place, and {key.Attestor.Name} trusts it still." : $"{age}. No successor signs.") with { Since = end };
    }

    private static RuleAssessment Judge(AuditFacts facts, Func<TrustedKey, AuditFinding?> judge) =>
        RuleAssessment.Of(facts.Attestors.SelectMany(TrustedKey.All), keys => keys.Select(judge).OfType<AuditFinding>().DistinctBy(finding => finding.Resource));

    // As Cloud KMS writes it, such as DESTROY_SCHEDULED.
    private static string WordsOf(CryptoKeyVersion.Types.CryptoKeyVersionState state) => state switch
    {
        CryptoKeyVersion.Types.CryptoKeyVersionState.DestroyScheduled => "DESTROY_SCHEDULED",
        CryptoKeyVersion.Types.CryptoKeyVersionState.PendingGeneration => "PENDING_GENERATION",
        CryptoKeyVersion.Types.CryptoKeyVersionState.GenerationFailed => "GENERATION_FAILED",
        _ => state.ToString().ToUpperInvariant(),
    };

    /// <summary>A key beside what it should be.</summary>
    /// <param name="Key">As the attestor lists it.</param>
    /// <param name="Pem">What it should be.</param>
    /// <param name="Source">Who says so.</param>
    private sealed record Comparison(TrustedKey Key, string Pem, string Source);
}
