using System.Globalization;
using BinAuthz.Approval;
using BinAuthz.Images;
using BinAuthz.Keys;
using BinAuthz.Yaml;
using YamlDotNet.Core;

namespace BinAuthz.Cli.Approval;

/// <summary>Reads a file of cases as strictly as a policy: whatever is not understood is an error with its place.</summary>
internal sealed class CaseFileReader
{
    private const string ImageExample = "us-central1-docker.pkg.dev/acme-prod/app/server@sha256:…";

    private static readonly string[] Decisions = ["approved", "rejected", "not-ready"];
    private static readonly string[] CaseKeys =
        ["name", "image", "now", "tags", "uploaded", "occurrences", "configurations", "attestors", "pushes", "keys", "attestor", "expect", "codes"];

    private readonly YamlReader reader;
    private readonly string folder;

    private CaseFileReader(YamlReader reader, string folder) => (this.reader, this.folder) = (reader, folder);

    /// <summary>The cases of a file, with its policy.</summary>
    /// <exception cref="ConfigurationException">Everything that is wrong with the file or its policy.</exception>
    public static CaseFile Read(string file)
    {
        var reader = new YamlReader(file, DateTimeOffset.MinValue);
        IReadOnlyList<ApprovalCase> cases = [];
        try
        {
            if (YamlLoader.Load(File.ReadAllText(file)) is { } root)
            {
                cases = new CaseFileReader(reader, Path.GetDirectoryName(Path.GetFullPath(file))!).Cases(root);
            }
            else
            {
                reader.Error(1, 1, "The file is empty.", "Write policy and cases.");
            }
        }
        catch (YamlException e)
        {
            reader.Error((int)e.Start.Line, (int)e.Start.Column, $"The file is not readable YAML: {e.Message}", "Correct the syntax.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            reader.Error(1, 1, $"The file cannot be read: {e.Message}", "Name a file of cases.");
        }

        return reader.Errors.Count == 0 ? new CaseFile(file, cases) : throw new ConfigurationException([.. reader.Errors.Select(error => error.ToString())]);
    }

    private List<ApprovalCase> Cases(YamlValue root)
    {
        var values = reader.Mapping(root, "the file", "policy", "cases");
        var policy = reader.Required(values, root, "policy", "Write policy: approval.yaml.") is { } path && reader.Text(path, "policy", "approval.yaml") is { } text ? Policy(Full(text)) : null;
        var section = reader.Required(values, root, "cases", "Write cases: with - name, image and expect.");
        var items = section is null ? [] : reader.Items(section, "cases", "name: critical vulnerability is refused");
        return policy is null ? [] : [.. items.Select(item => Case(item, policy)).OfType<ApprovalCase>()];
    }

    private static ApprovalPolicy Policy(string path)
    {
        var lint = PolicyLint.Read(path, DateTimeOffset.MinValue);
        return lint.Reading.Policy ?? throw new ConfigurationException([.. lint.Reading.Errors.Select(error => error.ToString())]);
    }

    private ApprovalCase? Case(YamlValue item, ApprovalPolicy policy)
    {
        var values = reader.Mapping(item, "A case", CaseKeys);
        var name = reader.Required(values, item, "name", "Write name: and what the case shows.") is { } n ? reader.Text(n, "name", "critical vulnerability is refused") : null;
        var image = reader.Required(values, item, "image", $"Write image: {ImageExample}.") is { } i ? Image(i) : null;
        var expected = reader.Required(values, item, "expect", "Write expect: approved, rejected or not-ready.") is { } e ? Expected(e) : null;
        if (Attestor(values, item, policy) is not { } attestor || name is null || image is null || expected is null)
        {
            return null;
        }

        return new ApprovalCase(name, attestor, image, expected)
        {
            Now = Time(values, "now"),
            Uploaded = Time(values, "uploaded"),
            Tags = Texts(values, "tags", "v1"),
            Occurrences = Files(values, "occurrences", "evidence/scan.json"),
            Configurations = Files(values, "configurations", "config.json"),
            Attestors = Files(values, "attestors", "attestor.json"),
            Pushes = Files(values, "pushes", "put-manifest.json"),
            Keys = Keys(values),
            Codes = Texts(values, "codes", "provenance-verified"),
        };
    }

    private AttestorPolicy? Attestor(Dictionary<string, YamlValue> values, YamlValue item, ApprovalPolicy policy)
    {
        var all = string.Join(", ", policy.Attestors.Select(attestor => attestor.Attestor));
        if (!values.TryGetValue("attestor", out var written))
        {
            if (policy.Attestors.Count > 1 && item is YamlValue.Mapping)
            {
                reader.Error(item, "The key 'attestor' is missing, and the policy has several.", $"Write attestor: with one of {all}.");
            }

            return policy.Attestors.Count == 1 ? policy.Attestors[0] : null;
        }

        var name = reader.Text(written, "attestor", all);
        var found = policy.Attestors.FirstOrDefault(attestor => attestor.Attestor.ToString() == name);
        if (name is not null && found is null)
        {
            reader.Error(written, $"'{name}' is no attestor of the policy.", $"Write one of {all}.");
        }

        return found;
    }

    private ImageReference? Image(YamlValue value)
    {
        ImageReference? image = null;
        if (reader.Text(value, "image", ImageExample) is { } text && !ImageReference.TryParse(text, out image))
        {
            reader.Error(value, $"'{text}' is not an image by digest.", $"Write {ImageExample}");
        }

        return image;
    }

    private string? Expected(YamlValue value)
    {
        if (value is YamlValue.Scalar { Text: var text } && Decisions.Contains(text))
        {
            return text;
        }

        reader.Error(value, "expect must be a decision.", "Write approved, rejected or not-ready.");
        return null;
    }

    private DateTimeOffset? Time(Dictionary<string, YamlValue> values, string key)
    {
        if (!values.TryGetValue(key, out var value))
        {
            return null;
        }

        if (value is YamlValue.Scalar { Text: var text } && DateTimeOffset.TryParseExact(
            text, ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
        {
            return time;
        }

        reader.Error(value, $"{key} must be a time.", "Write it such as 2026-10-02T00:00:00Z.");
        return null;
    }

    private IReadOnlyList<string> Texts(Dictionary<string, YamlValue> values, string key, string example) =>
        values.TryGetValue(key, out var value) ? [.. reader.Texts(value, key, example).Select(entry => entry.Text)] : [];

    private IReadOnlyList<string> Files(Dictionary<string, YamlValue> values, string key, string example) => [.. Texts(values, key, example).Select(Full)];

    private Dictionary<string, CaseKey> Keys(Dictionary<string, YamlValue> values)
    {
        var keys = new Dictionary<string, CaseKey>(StringComparer.Ordinal);
        if (!values.TryGetValue("keys", out var section))
        {
            return keys;
        }

        if (section is not YamlValue.Mapping mapping)
        {
            reader.Error(section, "keys must be a mapping.", "Write projects/…/cryptoKeyVersions/1: key.pem.");
            return keys;
        }

        foreach (var (at, value) in mapping.Entries)
        {
            if (at is not YamlValue.Scalar { Text: var name } || !KeyVersionName.TryParse(name, out _))
            {
                reader.Error(at, "A key of keys must be a KMS key version.", "Write projects/P/locations/L/keyRings/R/cryptoKeys/K/cryptoKeyVersions/1.");
            }
            else if (!keys.TryAdd(name, Key(value)))
            {
                reader.Error(at, $"'{name}' stands twice in keys.", "Remove one of them.");
            }
        }

        return keys;
    }

    private CaseKey Key(YamlValue value)
    {
        if (value is not YamlValue.Mapping)
        {
            return new CaseKey(Full(reader.Text(value, "A public key", "key.pem") ?? ""), null);
        }

        var values = reader.Mapping(value, "A public key", "pem", "algorithm");
        var file = reader.Required(values, value, "pem", "Write pem: key.pem.") is { } pem ? reader.Text(pem, "pem", "key.pem") : null;
        SignatureAlgorithm? algorithm = null;
        if (values.TryGetValue("algorithm", out var at) && reader.Text(at, "algorithm", SignatureAlgorithm.Default.CliName) is { } text && !SignatureAlgorithm.TryParse(text, out algorithm))
        {
            reader.Error(at, $"'{text}' is not a signature algorithm.", $"Use one of {string.Join(", ", SignatureAlgorithm.All.Select(row => row.CliName))}.");
        }

        return new CaseKey(Full(file ?? ""), algorithm);
    }

    private string Full(string path) => Path.Combine(folder, path);
}
