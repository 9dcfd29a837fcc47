using System.Text.RegularExpressions;
using BinAuthz.Alerting.Secrets;
using BinAuthz.GoogleCloud;
using BinAuthz.Yaml;

namespace BinAuthz.Alerting.Reading;

/// <summary>Reads where secrets are. A secret itself is an error: the file is kept where many can read it.</summary>
internal sealed partial class SecretReader(YamlReader reader)
{
    private const string Example = "{secret: projects/acme-prod/secrets/NAME/versions/latest} or {env: NAME}";

    /// <summary>The reference under a key that must be there; null, and an error, when it is none.</summary>
    public SecretReference? Required(Dictionary<string, YamlValue> values, YamlValue parent, string what, string key) =>
        reader.Required(values, parent, key, $"Write {key}: {Example}.") is { } value ? Read(value, $"{what}.{key}") : null;

    /// <summary>A reference; null, and an error, when it is none.</summary>
    public SecretReference? Read(YamlValue value, string what)
    {
        if (value is not YamlValue.Mapping)
        {
            reader.Error(value, $"{what} is a secret and does not stand in this file.", $"Write {Example}. If a real value stood here, replace it at the service.");
            return null;
        }

        var values = reader.Mapping(value, what, "secret", "env");
        if (values.Count != 1)
        {
            reader.Error(value, $"{what} must have one of secret and env.", $"Write {Example}.");
            return null;
        }

        return values.Single() switch
        {
            ("secret", var name) => Managed(name, what),
            (_, var name) => Variable(name, what),
        };
    }

    private SecretReference.Managed? Managed(YamlValue value, string what)
    {
        if (reader.Text(value, $"{what}.secret", "projects/acme-prod/secrets/NAME/versions/latest") is not { } text)
        {
            return null;
        }

        if (SecretVersionName.TryParse(text, out var version))
        {
            return new SecretReference.Managed(version);
        }

        reader.Error(value, $"{what}.secret is not a version of a secret.", "Write projects/P/secrets/NAME/versions/latest; regional secrets are not read.");
        return null;
    }

    private SecretReference.Variable? Variable(YamlValue value, string what)
    {
        if (reader.Text(value, $"{what}.env", "SLACK_URL") is not { } text)
        {
            return null;
        }

        if (VariableName().IsMatch(text))
        {
            return new SecretReference.Variable(text);
        }

        reader.Error(value, $"{what}.env is not the name of an environment variable.", "Write letters, digits and _, such as SLACK_URL, without $.");
        return null;
    }

    [GeneratedRegex(@"\A[A-Za-z_][A-Za-z0-9_]{0,99}\z")]
    private static partial Regex VariableName();
}
