using BinAuthz.Yaml;

namespace BinAuthz.Approval.Pushes;

/// <summary>Reads <c>pushedBy</c>: a list of e-mail addresses, and of <c>*@DOMAIN</c>.</summary>
internal sealed class PushedByRuleReader(YamlReader reader)
{
    private const string Example = "cloudbuild@acme-prod.iam.gserviceaccount.com";

    /// <summary>The rule; errors are the reader's.</summary>
    public PushedByRule Read(YamlValue section)
    {
        var allowed = new List<PrincipalPattern>();
        foreach (var (at, text) in reader.Texts(section, $"rules.{PushedByRule.RuleName}", Example))
        {
            if (PrincipalPattern.TryParse(text, out var pattern, out var rule))
            {
                allowed.Add(pattern);
            }
            else
            {
                reader.Error(at, $"'{text}' is not who may push: {rule}.", $"Write {Example}, or \"*@acme-ci.iam.gserviceaccount.com\".");
            }
        }

        return new PushedByRule(allowed);
    }
}
