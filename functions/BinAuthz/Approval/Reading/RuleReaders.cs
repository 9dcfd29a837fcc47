using BinAuthz.Approval.Content;
using BinAuthz.Approval.Promotion;
using BinAuthz.Approval.Provenance;
using BinAuthz.Approval.Pushes;
using BinAuthz.Approval.Repositories;
using BinAuthz.Approval.Vulnerabilities;
using BinAuthz.Yaml;

namespace BinAuthz.Approval.Reading;

/// <summary>Reads <c>rules</c>: the word in the file, and what reads its section.</summary>
internal sealed class RuleReaders
{
    private const string None = "none";

    private readonly YamlReader reader;
    private readonly Dictionary<string, Func<YamlValue, IApprovalRule?>> sections;

    public RuleReaders(YamlReader reader)
    {
        this.reader = reader;
        sections = new Dictionary<string, Func<YamlValue, IApprovalRule?>>
        {
            [RepositoryRule.RuleName] = new RepositoryRuleReader(reader).Read,
            [ProvenanceRule.RuleName] = new ProvenanceRuleReader(reader).Read,
            [MaxImageAgeRule.RuleName] = new MaxImageAgeRuleReader(reader).Read,
            [LabelsRule.RuleName] = new LabelsRuleReader(reader).Read,
            [NotRootRule.RuleName] = new NotRootRuleReader(reader).Read,
            [VulnerabilityRule.RuleName] = new VulnerabilityRuleReader(reader).Read,
            [RequiredAttestationsRule.RuleName] = new RequiredAttestationsRuleReader(reader).Read,
            [PushedByRule.RuleName] = new PushedByRuleReader(reader).Read,
        };
    }

    /// <summary>The words that <c>rules</c> may hold: the rules that can be read, and what composes them.</summary>
    public IReadOnlyCollection<string> Names => [.. sections.Keys, CompositeRule.All, CompositeRule.Any];

    /// <summary>The rules of an attestor. Doing without repositories or provenance must be a written decision.</summary>
    public IReadOnlyList<IApprovalRule> Read(YamlValue section)
    {
        var written = new HashSet<string>(StringComparer.Ordinal);
        var errors = reader.Errors.Count;
        var rules = Group(section, "rules", written);
        foreach (var name in section is YamlValue.Mapping ? new[] { RepositoryRule.RuleName, ProvenanceRule.RuleName }.Except(written) : [])
        {
            reader.Error(section, $"The key '{name}' is missing.", $"Write the rule, or {name}: none to do without it.");
        }

        if (rules.Count == 0 && reader.Errors.Count == errors)
        {
            reader.Error(section, "The policy has no rule, and would approve everything.", "Write at least one of repositories and provenance.");
        }

        return rules;
    }

    private List<IApprovalRule> Group(YamlValue section, string what, HashSet<string> written)
    {
        var rules = new List<IApprovalRule>();
        foreach (var (name, value) in reader.Mapping(section, what, [.. Names]))
        {
            written.Add(name);
            if (value is YamlValue.Scalar { Text: None })
            {
                continue;
            }

            var rule = name is CompositeRule.All or CompositeRule.Any ? Composite(name, value, written) : sections[name](value);
            if (rule is not null)
            {
                rules.Add(rule);
            }
        }

        return rules;
    }

    private CompositeRule? Composite(string name, YamlValue section, HashSet<string> written)
    {
        var parts = new List<IApprovalRule>();
        foreach (var item in reader.Items(section, name, "requiredAttestations: [projects/P/attestors/ID]"))
        {
            switch (Group(item, $"An entry of {name}", written))
            {
                case []:
                    // Nothing is demanded here, which any would take for satisfied.
                    reader.Error(item, $"An entry of {name} has no rule.", "Write at least one rule, or remove the entry.");
                    break;
                case [var only]:
                    parts.Add(only);
                    break;
                case var several:
                    parts.Add(new CompositeRule(CompositeRule.All, several));
                    break;
            }
        }

        return parts.Count == 0 ? null : new CompositeRule(name, parts);
    }
}
