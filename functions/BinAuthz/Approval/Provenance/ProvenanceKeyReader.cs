using BinAuthz.Keys;
using BinAuthz.Yaml;

namespace BinAuthz.Approval.Provenance;

/// <summary>Reads <c>rules.provenance.keys</c>: key versions in Cloud KMS, and public keys that stand in the policy.</summary>
internal sealed class ProvenanceKeyReader(YamlReader reader)
{
    public const string Example = "projects/P/locations/L/keyRings/R/cryptoKeys/K/cryptoKeyVersions/1";

    private static readonly SignatureAlgorithm[] EllipticCurves = [.. SignatureAlgorithm.All.Where(algorithm => algorithm.Family == SignatureFamily.Ecdsa)];

    /// <summary>The keys; errors are the reader's.</summary>
    public IReadOnlyList<ProvenanceKey> Read(YamlValue value)
    {
        var keys = new List<ProvenanceKey>();
        foreach (var item in reader.Items(value, "rules.provenance.keys", $"kms: {Example}"))
        {
            if (Key(item) is not { } key)
            {
                continue;
            }

            if (keys.Exists(other => other.Id == key.Id))
            {
                reader.Error(item, $"The key '{key.Id}' stands twice in rules.provenance.keys.", "Remove one of them.");
            }
            else
            {
                keys.Add(key);
            }
        }

        return keys;
    }

    private ProvenanceKey? Key(YamlValue item)
    {
        var values = reader.Mapping(item, "A key", "kms", "id", "pem", "algorithm");
        var isKms = values.TryGetValue("kms", out var kms);
        if (isKms && values.Count == 1)
        {
            return KmsKey(kms!);
        }

        if (!isKms && values.TryGetValue("id", out var id) && values.TryGetValue("pem", out var pem))
        {
            return PinnedKey(id, pem, values.GetValueOrDefault("algorithm"));
        }

        if (item is YamlValue.Mapping)
        {
            reader.Error(item, "A key is either kms, or id and pem with an optional algorithm.", $"Write - kms: {Example}, or - id: and pem: with the public key.");
        }

        return null;
    }

    private ProvenanceKey.InKms? KmsKey(YamlValue value)
    {
        if (reader.Text(value, "kms", Example) is not { } text)
        {
            return null;
        }

        if (KeyVersionName.TryParse(text, out var version))
        {
            return new ProvenanceKey.InKms(version);
        }

        reader.Error(value, $"'{text}' is not a KMS key version.", $"Write {Example}.");
        return null;
    }

    private ProvenanceKey.Pinned? PinnedKey(YamlValue id, YamlValue pem, YamlValue? algorithm)
    {
        var name = reader.Text(id, "id", "my-builder");
        var text = reader.Text(pem, "pem", "| and a block that starts with -----BEGIN PUBLIC KEY-----");
        SignatureAlgorithm[] candidates = algorithm is null ? EllipticCurves : Algorithm(algorithm);
        if (name is null || text is null || candidates.Length == 0)
        {
            return null;
        }

        string? error = null;
        foreach (var candidate in candidates)
        {
            if (PublicKey.TryFromPem(text, candidate, out var key, out error))
            {
                return new ProvenanceKey.Pinned(name, key);
            }
        }

        var remedy = algorithm is null ? "Write the PEM of an EC public key, or add algorithm: for keys of other kinds." : "Write the PEM of a public key of that algorithm.";
        reader.Error(pem, candidates.Length == 1 ? error! : "The PEM text does not hold a P-256, P-384 or P-521 public key.", remedy);
        return null;
    }

    private SignatureAlgorithm[] Algorithm(YamlValue value)
    {
        if (reader.Text(value, "algorithm", SignatureAlgorithm.Default.CliName) is not { } text)
        {
            return [];
        }

        if (SignatureAlgorithm.TryParse(text, out var algorithm))
        {
            return [algorithm];
        }

        reader.Error(value, $"'{text}' is not a signature algorithm.", $"Use one of {string.Join(", ", SignatureAlgorithm.All.Select(row => row.CliName))}.");
        return [];
    }
}
