using System.Text.RegularExpressions;
using BinAuthz.Attestations;
using BinAuthz.Images;
using YamlDotNet.Core;

namespace BinAuthz.Approval;

/// <summary>Reads an approval policy; whatever is not understood is an error, because a rule that is silently dropped approves.</summary>
internal sealed partial class ApprovalPolicyReader
{
    private const string None = "none";

    private readonly YamlReader reader;
    private readonly ProvenanceRuleReader provenance;

    private ApprovalPolicyReader(YamlReader reader)
    {
        this.reader = reader;
        provenance = new ProvenanceRuleReader(reader);
    }

    /// <summary>The policy, or everything that is wrong with it.</summary>
    public static (ApprovalPolicy? Policy, IReadOnlyList<ConfigurationError> Errors) Read(string yaml, string file)
    {
        var reader = new YamlReader(file);
        try
        {
            if (YamlLoader.Load(yaml) is { } root)
            {
                var policy = new ApprovalPolicyReader(reader).Policy(root);
                return reader.Errors.Count == 0 ? (policy, []) : (null, reader.Errors);
            }

            reader.Error(1, 1, "The file is empty.", "Write environment, attestor and rules.");
        }
        catch (YamlException e)
        {
            reader.Error((int)e.Start.Line, (int)e.Start.Column, $"The file is not readable YAML: {e.Message}", "Correct the syntax.");
        }

        return (null, reader.Errors);
    }

    private ApprovalPolicy? Policy(YamlValue root)
    {
        var values = reader.Mapping(root, "the policy", "environment", "attestor", "rules");
        var environment = reader.Required(values, root, "environment", "Write environment: production.") is { } at ? Environment(at) : null;
        var attestor = reader.Required(values, root, "attestor", "Write attestor: projects/P/attestors/ID.") is { } name ? Attestor(name) : null;
        var rules = reader.Required(values, root, "rules", "Write rules: with repositories and provenance.") is { } section ? Rules(section) : [];
        return environment is null || attestor is null ? null : new ApprovalPolicy(environment, attestor, rules);
    }

    private string? Environment(YamlValue value)
    {
        var text = reader.Text(value, "environment", "production");
        if (text is not null && !EnvironmentName().IsMatch(text))
        {
            reader.Error(value, $"'{text}' is not an environment name: lower-case letters, digits and dashes, 30 at most, starting with a letter.", "Write environment: production.");
        }

        return text;
    }

    private AttestorName? Attestor(YamlValue value)
    {
        const string example = "projects/acme-prod/attestors/production-attestor";
        AttestorName? name = null;
        if (reader.Text(value, "attestor", example) is { } text && !AttestorName.TryParse(text, out name))
        {
            reader.Error(value, $"'{text}' is not an attestor.", $"Write projects/P/attestors/ID, such as {example}.");
        }

        return name;
    }

    private List<IApprovalRule> Rules(YamlValue section)
    {
        var values = reader.Mapping(section, "rules", RepositoryRule.RuleName, ProvenanceRule.RuleName);
        var rules = new List<IApprovalRule>();
        if (Section(values, section, RepositoryRule.RuleName) is { } repositories)
        {
            rules.Add(Repositories(repositories));
        }

        if (Section(values, section, ProvenanceRule.RuleName) is { } requirements && provenance.Read(requirements) is { } rule)
        {
            rules.Add(rule);
        }

        if (values.Count == 2 && values.Values.All(IsNone))
        {
            reader.Error(section, "The policy has no rule, and would approve everything.", "Write at least one of repositories and provenance.");
        }

        return rules;
    }

    // Leaving a rule out must be a written decision.
    private YamlValue? Section(Dictionary<string, YamlValue> values, YamlValue parent, string name) =>
        reader.Required(values, parent, name, $"Write the rule, or {name}: none to do without it.") is { } value && !IsNone(value) ? value : null;

    private static bool IsNone(YamlValue value) => value is YamlValue.Scalar { Text: None };

    private RepositoryRule Repositories(YamlValue section)
    {
        const string example = "us-central1-docker.pkg.dev/acme-prod/app/**";
        var patterns = new List<ImagePattern>();
        foreach (var (at, text) in reader.Texts(section, "rules.repositories", example))
        {
            if (RepositoryPatternFault(text, out var pattern) is { } rule)
            {
                reader.Error(at, $"'{text}' is not a repository pattern: {rule}.", $"Write a repository, or a path and /* or /**, such as {example}.");
            }
            else
            {
                patterns.Add(pattern!);
            }
        }

        return new RepositoryRule(patterns);
    }

    private static string? RepositoryPatternFault(string text, out ImagePattern? pattern)
    {
        if (!ImagePattern.TryParse(text, out pattern, out var rule))
        {
            return rule;
        }

        if (!pattern.EndsOnPathBoundary)
        {
            return "the wildcard must be a whole path segment, otherwise it also allows neighbours whose names start alike";
        }

        var path = text.TrimEnd('*').TrimEnd('/');
        return path.Contains('@', StringComparison.Ordinal) || path[(path.IndexOf('/', StringComparison.Ordinal) + 1)..].Contains(':', StringComparison.Ordinal) || text.EndsWith('/')
            ? "it names repositories, without tag, digest and trailing slash"
            : null;
    }

    [GeneratedRegex(@"\A[a-z][a-z0-9-]{0,29}\z")]
    private static partial Regex EnvironmentName();
}
