using System.Text.RegularExpressions;
using BinAuthz.Alerting.Channels;
using BinAuthz.Yaml;

namespace BinAuthz.Alerting.Reading;

/// <summary>Reads an e-mail channel.</summary>
internal sealed partial class EmailReader(YamlReader reader, SecretReader secrets)
{
    private const int Submission = 587;
    private const int LargestPort = 65_535;

    /// <summary>The settings; null, and errors, when they cannot be used.</summary>
    public EmailSettings? Read(string name, YamlValue value)
    {
        var values = reader.Mapping(value, "email", "host", "port", "from", "to", "user", "password", "encrypted", "allowPrivate");
        var host = reader.Required(values, value, "host", "Write host: smtp.example.com.") is { } server ? Host(server) : null;
        var port = values.TryGetValue("port", out var number) ? reader.Number(number, "email.port", 1, LargestPort) : Submission;
        var from = reader.Required(values, value, "from", "Write from: binauthz@example.com.") is { } sender ? Address(sender, "email.from") : null;
        var to = reader.Required(values, value, "to", "Write to: [oncall@example.com].") is { } receivers
            ? reader.Texts(receivers, "email.to", "oncall@example.com").Select(each => Address(each.At, "An entry of email.to")).OfType<string>().ToArray()
            : [];
        var allowPrivate = values.TryGetValue("allowPrivate", out var open) && reader.Boolean(open, "allowPrivate");
        var encrypted = !values.TryGetValue("encrypted", out var plain) || reader.Boolean(plain, "encrypted");
        var user = values.TryGetValue("user", out var account) ? reader.Text(account, "email.user", "binauthz@example.com") : null;
        var password = values.TryGetValue("password", out var secret) ? secrets.Read(secret, "email.password") : null;
        CheckLogin(values, value, encrypted);
        if (!encrypted && !allowPrivate)
        {
            reader.Error(plain!, "Without encryption e-mail goes to a server on this machine only.", "Write encrypted: true, or for such a server also allowPrivate: true.");
        }

        return host is null || port is null || from is null
            ? null
            : new EmailSettings(name, host, port.Value, from, to, allowPrivate) { User = user ?? "", Password = password, Encrypted = encrypted };
    }

    private void CheckLogin(Dictionary<string, YamlValue> values, YamlValue at, bool encrypted)
    {
        if (values.ContainsKey("user") != values.ContainsKey("password"))
        {
            reader.Error(at, "email has only one of user and password.", "Write both, or none for a server that asks for none.");
        }
        else if (!encrypted && values.TryGetValue("user", out var user))
        {
            reader.Error(user, "Without encryption nobody logs in: the password would be readable.", "Remove user and password, or encrypted: false.");
        }
    }

    private string? Host(YamlValue value)
    {
        var text = reader.Text(value, "email.host", "smtp.example.com");
        if (text is not null && Uri.CheckHostName(text) == UriHostNameType.Unknown)
        {
            reader.Error(value, $"'{text}' is not a host.", "Write a name or an address without port, such as smtp.example.com.");
            return null;
        }

        return text;
    }

    private string? Address(YamlValue value, string what)
    {
        var text = reader.Text(value, what, "oncall@example.com");
        if (text is not null && !MailAddress().IsMatch(text))
        {
            reader.Error(value, $"'{text}' is not an e-mail address.", "Write the address alone, without a name, such as oncall@example.com.");
            return null;
        }

        return text;
    }

    // What servers take in practice; neither quotes nor names, which could hold more than an address.
    [GeneratedRegex(@"\A[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*\z")]
    private static partial Regex MailAddress();
}
