using BinAuthz.Attestations;
using BinAuthz.Keys;
using BinAuthz.Yaml;

namespace BinAuthz.Approval.Reading;

/// <summary>Reads what one attestor demands: at the top of the file when there is one attestor, below <c>attestors</c> when there are several.</summary>
internal sealed class AttestorPolicyReader(YamlReader reader)
{
    private const string AttestorExample = "projects/acme-prod/attestors/production-attestor";
    private const string KeyExample = "projects/acme-prod/locations/us-central1/keyRings/production-binauthz/cryptoKeys/attestor-key";

    /// <summary>The keys of an attestor's section.</summary>
    public static readonly string[] Keys = ["attestor", "key", "mode", "deadline", "rules"];

    private readonly RuleReaders rules = new(reader);

    /// <summary>The attestors of a list. Each has a key of its own: a signature would otherwise count under every note that is attached to.</summary>
    public IReadOnlyList<AttestorPolicy?> List(YamlValue section, string? environment)
    {
        var found = new List<AttestorPolicy?>();
        foreach (var item in reader.Items(section, "attestors", $"attestor: {AttestorExample}"))
        {
            var policy = Single(reader.Mapping(item, "An entry of attestors", Keys), item, environment);
            if (policy is { Key: null })
            {
                reader.Error(item, "The key 'key' is missing; attestors of one file have a key each.", $"Write key: {KeyExample}.");
            }
            else if (found.OfType<AttestorPolicy>().FirstOrDefault(other => other.Attestor == policy?.Attestor) is { } twin)
            {
                reader.Error(item, $"{twin.Attestor} stands twice in attestors.", "Put its rules together.");
            }
            else if (found.OfType<AttestorPolicy>().FirstOrDefault(other => other.Key == policy?.Key) is { } sharing)
            {
                reader.Error(item, $"{policy?.Key} signs for {sharing.Attestor} already: what one attestor signs could be stored for the other.", "Give each attestor a key of its own.");
            }

            found.Add(policy);
        }

        return found;
    }

    /// <summary>One attestor.</summary>
    public AttestorPolicy? Single(Dictionary<string, YamlValue> values, YamlValue section, string? environment)
    {
        var attestor = reader.Required(values, section, "attestor", "Write attestor: projects/P/attestors/ID.") is { } name ? Attestor(name, environment) : null;
        var key = values.TryGetValue("key", out var written) ? Key(written, environment) : null;
        var mode = values.TryGetValue("mode", out var chosen) ? Mode(chosen) : ApprovalMode.Enforce;
        var deadline = values.TryGetValue("deadline", out var wait) ? reader.Duration(wait, "deadline", "24h") : null;
        var demanded = reader.Required(values, section, "rules", "Write rules: with repositories and provenance.") is { } all ? rules.Read(all) : [];
        new PolicyAdvice(reader, environment).Look(values);
        return attestor is null ? null : new AttestorPolicy(attestor, key, mode, deadline, demanded);
    }

    private AttestorName? Attestor(YamlValue value, string? environment)
    {
        AttestorName? name = null;
        if (reader.Text(value, "attestor", AttestorExample) is { } text && !AttestorName.TryParse(text, out name))
        {
            reader.Error(value, $"'{text}' is not an attestor.", $"Write projects/P/attestors/ID, such as {AttestorExample}.");
        }

        if (name is not null && environment is not null && EnvironmentIsolation.Owner(name.Id) is { } owner && owner != environment)
        {
            reader.Error(value, $"{name} belongs to the environment {owner}, and this policy is {environment}'s.", $"Name an attestor of {environment}; to ask for {owner}'s attestation, use the rule requiredAttestations.");
        }

        return name;
    }

    private KeyName? Key(YamlValue value, string? environment)
    {
        KeyName? key = null;
        if (reader.Text(value, "key", KeyExample) is { } text && !KeyName.TryParse(text, out key))
        {
            reader.Error(value, $"'{text}' is not a Cloud KMS key.", $"Write {KeyExample}.");
        }

        if (key is not null && environment is not null && EnvironmentIsolation.Owner(key.KeyRing) is { } owner && owner != environment)
        {
            reader.Error(value, $"{key} belongs to the environment {owner}, and this policy is {environment}'s.", $"Name a key of {environment}, in the key ring {environment}-binauthz.");
        }

        return key;
    }

    private ApprovalMode Mode(YamlValue value)
    {
        switch (reader.Text(value, "mode", "enforce"))
        {
            case "dryRun":
                return ApprovalMode.DryRun;
            case "enforce" or null:
                return ApprovalMode.Enforce;
            case var other:
                reader.Error(value, $"'{other}' is not a mode.", "Write enforce or dryRun.");
                return ApprovalMode.DryRun;
        }
    }
}
