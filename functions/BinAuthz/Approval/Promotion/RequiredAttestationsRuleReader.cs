using BinAuthz.Attestations;
using BinAuthz.Yaml;

namespace BinAuthz.Approval.Promotion;

/// <summary>Reads <c>requiredAttestations</c>: a list of attestors, all of which are required.</summary>
internal sealed class RequiredAttestationsRuleReader(YamlReader reader)
{
    private const string Example = "projects/acme-staging/attestors/staging-attestor";

    /// <summary>The rule; errors are the reader's.</summary>
    public RequiredAttestationsRule Read(YamlValue section)
    {
        var required = new List<RequiredAttestation>();
        foreach (var (at, text) in reader.Texts(section, $"rules.{RequiredAttestationsRule.RuleName}", Example))
        {
            if (AttestorName.TryParse(text, out var attestor))
            {
                required.Add(new RequiredAttestation(attestor, at.Line, at.Column));
            }
            else
            {
                reader.Error(at, $"'{text}' is not an attestor.", $"Write projects/P/attestors/ID, such as {Example}.");
            }
        }

        return new RequiredAttestationsRule(required);
    }
}
