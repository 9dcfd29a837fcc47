using System.Globalization;
using System.Text.RegularExpressions;
using BinAuthz.Images;
using BinAuthz.Keys;
using BinAuthz.Policies;
using BinAuthz.Setup;
using Google.Cloud.Kms.V1;

namespace BinAuthz.Auditing;

/// <summary>Whether the section <c>BinAuthz:Audit</c> can be used.</summary>
internal static partial class AuditOptionsValidation
{
    private static readonly TimeSpan LongestGrace = TimeSpan.FromDays(365);

    /// <summary>The options, when they can be used.</summary>
    /// <exception cref="ConfigurationException">They cannot; it lists every problem.</exception>
    public static AuditOptions Validated(this AuditOptions options) => Problems(options) is { Count: > 0 } problems ? throw new ConfigurationException(problems) : options;

    /// <summary>What signing keys of an environment need at least.</summary>
    /// <exception cref="ConfigurationException">The options name no such level.</exception>
    public static ProtectionLevel RequiredProtection(this AuditOptions options, DeploymentEnvironment environment) => options.ProtectionLevel switch
    {
        null => environment == DeploymentEnvironment.Production ? ProtectionLevel.Hsm : ProtectionLevel.Software,
        "hsm" => ProtectionLevel.Hsm,
        "software" => ProtectionLevel.Software,
        var other => throw new ConfigurationException([OfProtection(other)]),
    };

    /// <summary>Everything that is wrong; each names the setting, the rule and the remedy.</summary>
    public static IReadOnlyList<string> Problems(AuditOptions options) =>
    [
        .. Wrong(nameof(options.Key), options.Key is { } key && !KeyName.TryParse(key, out _) ? [key] : [], "no Cloud KMS key: write projects/P/locations/L/keyRings/R/cryptoKeys/K"),
        .. Wrong(nameof(options.Repositories), options.Repositories.Where(name => !ResourceNameGrammar.TryRead(name, ["projects", "locations", "repositories"], out _)), "no repository: write projects/P/locations/L/repositories/R"),
        .. Wrong(nameof(options.Projects), options.Projects.Where(name => !ResourceNameGrammar.TryRead($"projects/{name}", ["projects"], out _)), "no project id: write it alone, such as acme-prod"),
        .. Wrong(nameof(options.Clusters), options.Clusters.Where(name => !RuleMap.IsCluster(name)), "no cluster: write LOCATION.NAME, such as us-central1.prod"),
        .. options.Clusters.Count > 0 && options.Projects.Count > 1 ? [$"{Name(nameof(options.Clusters))} is for one project, and {Name(nameof(options.Projects))} names {options.Projects.Count}: leave one of them out."] : Array.Empty<string>(),
        .. Wrong(nameof(options.Allowed), options.Allowed.Where(name => !ImagePattern.TryParse(name, out _)), "no pattern: write REGISTRY/PATH, and * or ** at its end only"),
        .. options.ProtectionLevel is null or "hsm" or "software" ? [] : new[] { OfProtection(options.ProtectionLevel) },
        .. Members(nameof(options.Signers), options.Signers),
        .. Members(nameof(options.Rotators), options.Rotators),
        .. Members(nameof(options.Auditors), options.Auditors),
        .. Members(nameof(options.Administrators), options.Administrators),
        .. Wrong(nameof(options.FindingsTopic), options.FindingsTopic is { } topic && !ResourceNameGrammar.TryRead(topic, ["projects", "topics"], out _) ? [topic] : [], "no topic: write projects/P/topics/T"),
        .. Wrong(nameof(options.ShardSize), options.ShardSize < 1 ? [options.ShardSize.ToString(CultureInfo.InvariantCulture)] : [], "too few: write 1 at least"),
        .. Wrong(nameof(options.FindingsPerRule), options.FindingsPerRule < 1 ? [options.FindingsPerRule.ToString(CultureInfo.InvariantCulture)] : [], "too few: write 1 at least"),
        .. Wrong(nameof(options.Grace), options.Grace < TimeSpan.Zero || options.Grace > LongestGrace ? [options.Grace.ToString()] : [], "no such time: write one from 0 to 365 days, such as 01:00:00 for an hour"),
    ];

    private static IEnumerable<string> Members(string option, IEnumerable<string> members) =>
        Wrong(option, members.Where(member => !Member().IsMatch(member)), "no IAM member: write its kind, too, such as serviceAccount:NAME@PROJECT.iam.gserviceaccount.com or group:NAME@DOMAIN");

    private static IEnumerable<string> Wrong(string option, IEnumerable<string> values, string rule) => values.Select(value => $"{Name(option)}: '{value}' is {rule}.");

    private static string OfProtection(string value) => $"{Name(nameof(AuditOptions.ProtectionLevel))}: '{value}' is no protection level: write hsm or software.";

    private static string Name(string option) => $"{BinAuthzOptions.Section}:{nameof(BinAuthzOptions.Audit)}:{option}";

    // docs: iam/docs/principal-identifiers
    [GeneratedRegex(@"\A(?:(?:user|serviceAccount|group|domain):[^\s:]+|principal(?:Set)?://\S+)\z")]
    private static partial Regex Member();
}
