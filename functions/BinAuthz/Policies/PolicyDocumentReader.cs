using System.Globalization;
using System.Text.RegularExpressions;
using BinAuthz.Yaml;
using YamlDotNet.Core;
using Authz = Google.Cloud.BinaryAuthorization.V1;

namespace BinAuthz.Policies;

/// <summary>Reads a policy document strictly, as gcloud's import does, and tells everything that is wrong at once.</summary>
internal sealed partial class PolicyDocumentReader
{
    private static readonly string[] Wrapper = ["apiVersion", "kind", "metadata", "spec"];
    private static readonly string[] RuleModes = ["evaluationMode", "enforcementMode"];
    private static readonly string[] Fields =
        ["name", "description", "globalPolicyEvaluationMode", "admissionWhitelistPatterns", "defaultAdmissionRule", .. RuleMap.All.Select(map => map.Field), "etag", "updateTime"];

    private readonly List<PolicyFinding> faults = [];
    private readonly Dictionary<string, PolicyPlace> places = [];
    private readonly Authz.Policy policy = new();

    private PolicyDocumentReader()
    {
    }

    /// <summary>The document, with everything that is wrong with it.</summary>
    public static PolicyDocument Read(string text)
    {
        var reader = new PolicyDocumentReader();
        try
        {
            var root = YamlLoader.Load(text) ?? new YamlValue.Scalar(1, 1, "", true);
            reader.Root(root);
        }
        catch (YamlException e)
        {
            reader.Fault("unreadable", "$", new PolicyPlace((int)e.Start.Line, (int)e.Start.Column), $"This is neither YAML nor JSON: {e.Message}", "Correct the syntax.");
        }

        return new PolicyDocument(reader.policy) { Faults = reader.faults, Places = reader.places };
    }

    private void Root(YamlValue root)
    {
        if (root is YamlValue.Mapping mapping && mapping.Entries.FirstOrDefault(entry => Wrapper.Contains(Name(entry.Key))) is { Key: { } first })
        {
            var values = Mapping(root, "$", Wrapper.Concat(Fields));
            var isConfigConnector = values.Any(value => value.Value is YamlValue.Scalar { Text: "BinaryAuthorizationPolicy" })
                || (values.GetValueOrDefault("apiVersion") is YamlValue.Scalar { Text: var version } && version.Contains("cnrm.cloud.google.com", StringComparison.Ordinal));
            Fault(
                "wrapper-document",
                $"$.{Name(first)}",
                new PolicyPlace(first.Line, first.Column),
                isConfigConnector
                    ? "This is a resource of Config Connector, whose schema is another; Binary Authorization and gcloud read a flat document."
                    : "A policy has no apiVersion, kind, metadata and spec; it is a flat document.",
                isConfigConnector ? "Apply it with kubectl, or write a policy: `binauthz policy render` does." : "Move the fields of spec to the top and remove the rest.");
            if (!isConfigConnector && values.TryGetValue("spec", out var spec))
            {
                Policy(spec, "$.spec");
            }

            return;
        }

        Policy(root, "$");
    }

    private void Policy(YamlValue root, string path)
    {
        var values = Mapping(root, path, Fields);
        policy.Name = Text(values, path, "name") ?? "";
        policy.Description = Text(values, path, "description") ?? "";
        policy.Etag = Text(values, path, "etag") ?? "";
        policy.GlobalPolicyEvaluationMode = Mode(values, path, "globalPolicyEvaluationMode", PolicyWords.GlobalEvaluations);
        if (Text(values, path, "updateTime") is { } time)
        {
            policy.UpdateTime = PolicyFields.Time(time);
            if (policy.UpdateTime is null)
            {
                Fault("wrong-type", $"{path}.updateTime", values["updateTime"], $"'{time}' is no time.", "Remove updateTime; Binary Authorization sets it.");
            }
        }

        Patterns(values, path);
        foreach (var map in RuleMap.All.Where(map => values.ContainsKey(map.Field)))
        {
            foreach (var (key, value) in Mapping(values[map.Field], $"{path}.{map.Field}", keys: null))
            {
                map.Rules(policy)[key] = Rule(value, $"{path}.{map.Field}['{key}']");
            }
        }

        if (values.TryGetValue("defaultAdmissionRule", out var rule))
        {
            policy.DefaultAdmissionRule = Rule(rule, $"{path}.defaultAdmissionRule");
        }
        else if (root is YamlValue.Mapping)
        {
            Fault("field-missing", $"{path}.defaultAdmissionRule", root, "The policy has no defaultAdmissionRule.", "Write what applies to images that no other rule names, such as evaluationMode: ALWAYS_DENY.");
        }
    }

    private void Patterns(Dictionary<string, YamlValue> values, string path)
    {
        foreach (var (item, at) in Items(values, path, "admissionWhitelistPatterns"))
        {
            var pattern = Mapping(item, at, ["namePattern"]);
            policy.AdmissionWhitelistPatterns.Add(new Authz.AdmissionWhitelistPattern { NamePattern = Text(pattern, at, "namePattern") ?? "" });
            if (item is YamlValue.Mapping && !pattern.ContainsKey("namePattern"))
            {
                Fault("field-missing", $"{at}.namePattern", item, "The entry has no namePattern.", "Write namePattern: REGISTRY/PATH/**.");
            }
        }
    }

    private Authz.AdmissionRule Rule(YamlValue value, string path)
    {
        var values = Mapping(value, path, ["evaluationMode", "requireAttestationsBy", "enforcementMode"]);
        var rule = new Authz.AdmissionRule
        {
            EvaluationMode = Mode(values, path, "evaluationMode", PolicyWords.Evaluations),
            EnforcementMode = Mode(values, path, "enforcementMode", PolicyWords.Enforcements),
        };
        foreach (var field in RuleModes.Where(field => value is YamlValue.Mapping && !values.ContainsKey(field)))
        {
            var names = field == "evaluationMode" ? PolicyWords.Evaluations.Keys : PolicyWords.Enforcements.Keys;
            Fault("field-missing", $"{path}.{field}", value, $"The rule has no {field}.", $"Write {string.Join(" or ", names)}.");
        }

        foreach (var (item, at) in Items(values, path, "requireAttestationsBy"))
        {
            rule.RequireAttestationsBy.Add(Text(item, at) ?? "");
        }

        return rule;
    }

    private T Mode<T>(Dictionary<string, YamlValue> values, string path, string field, IReadOnlyDictionary<string, T> names)
        where T : struct, Enum
    {
        if (Text(values, path, field) is not { } text)
        {
            return default;
        }

        if (!names.TryGetValue(text, out var mode))
        {
            Fault("enum-unknown", $"{path}.{field}", values[field], $"{field} has no value '{text}'.", $"Write {string.Join(" or ", names.Keys)}.");
        }

        return mode;
    }

    private Dictionary<string, YamlValue> Mapping(YamlValue value, string path, IEnumerable<string>? keys)
    {
        var found = new Dictionary<string, YamlValue>(StringComparer.Ordinal);
        if (value is not YamlValue.Mapping mapping)
        {
            Fault("wrong-type", path, value, "Here a mapping is expected.", keys is null ? "Write a key and a rule for each." : $"Write its keys: {string.Join(", ", keys.Except(Wrapper))}.");
            return found;
        }

        places.TryAdd(path, new PolicyPlace(value.Line, value.Column));
        foreach (var (key, item) in mapping.Entries)
        {
            var name = Name(key);
            var at = keys is null ? $"{path}['{name}']" : $"{path}.{name}";
            if (name is null || (keys is not null && !keys.Contains(name)))
            {
                Fault("unknown-field", at, key, $"There is no field '{name}' here.", $"Remove it, or write one of {string.Join(", ", keys?.Except(Wrapper) ?? [])}.");
            }
            else if (!found.TryAdd(name, item))
            {
                Fault("duplicate-key", at, key, string.Create(CultureInfo.InvariantCulture, $"'{name}' stands twice; first on line {places[at].Line}."), "Remove one of them.");
            }
            else
            {
                places[at] = item is YamlValue.Scalar ? new PolicyPlace(item.Line, item.Column) : new PolicyPlace(key.Line, key.Column);
            }
        }

        return found;
    }

    private IEnumerable<(YamlValue Item, string Path)> Items(Dictionary<string, YamlValue> values, string path, string field)
    {
        if (!values.TryGetValue(field, out var value))
        {
            return [];
        }

        if (value is YamlValue.Sequence sequence)
        {
            return sequence.Items.Select((item, index) => (item, string.Create(CultureInfo.InvariantCulture, $"{path}.{field}[{index}]")));
        }

        Fault("wrong-type", $"{path}.{field}", value, $"{field} must be a list.", "Write its entries, each after a dash.");
        return [];
    }

    private string? Text(Dictionary<string, YamlValue> values, string path, string field) => values.TryGetValue(field, out var value) ? Text(value, $"{path}.{field}") : null;

    private string? Text(YamlValue value, string path)
    {
        places.TryAdd(path, new PolicyPlace(value.Line, value.Column));
        if (value is YamlValue.Scalar scalar && !(scalar.Plain && NotText().IsMatch(scalar.Text)))
        {
            return scalar.Text;
        }

        Fault("wrong-type", path, value, "Here text is expected.", "Write a single value; put it in quotes if it is a number, true, false or null.");
        return null;
    }

    private void Fault(string id, string path, YamlValue at, string reason, string remedy) => Fault(id, path, new PolicyPlace(at.Line, at.Column), reason, remedy);

    private void Fault(string id, string path, PolicyPlace place, string reason, string remedy) =>
        faults.Add(PolicyFinding.Error(id, path, reason, remedy) with { Place = place });

    private static string? Name(YamlValue key) => (key as YamlValue.Scalar)?.Text;

    [GeneratedRegex(@"\A(?:~|null|true|false|[-+]?[0-9]+(?:\.[0-9]*)?|)\z", RegexOptions.IgnoreCase)]
    private static partial Regex NotText();
}
