using System.Text.RegularExpressions;
using BinAuthz.Yaml;
using YamlDotNet.Core;

namespace BinAuthz.Setup;

/// <summary>Reads an access plan, and everything that is wrong with it.</summary>
internal static partial class AccessPlanReader
{
    private const string PermissionExample = "pubsub.topics.publish";

    /// <summary>Reads it; what is wrong is told to <paramref name="reader"/>.</summary>
    public static AccessPlan? Read(YamlReader reader, string yaml)
    {
        try
        {
            if (YamlLoader.Load(yaml) is { } document)
            {
                return Read(reader, document);
            }

            reader.Error(1, 1, "The file is empty.", "Write identities, roles and grants.");
        }
        catch (YamlException error)
        {
            reader.Error((int)error.Start.Line, (int)error.Start.Column, "This is not YAML that is understood here.", error.Message);
        }

        return null;
    }

    private static AccessPlan Read(YamlReader reader, YamlValue document)
    {
        var values = reader.Mapping(document, "The plan", "identities", "roles", "grants");
        Identity[] identities = reader.Required(values, document, "identities", "Name the service accounts.") is { } named ? [.. Identities(reader, named)] : [];
        CustomRole[] roles = values.TryGetValue("roles", out var custom) ? [.. Roles(reader, custom)] : [];
        Grant[] grants = reader.Required(values, document, "grants", "Say who has which role on what.") is { } list
            ? [.. reader.Items(list, "grants", "{ identity: signer, … }").Select(item => Grant(reader, item, identities, roles)).OfType<Grant>()]
            : [];
        return new AccessPlan(identities, roles, grants);
    }

    private static IEnumerable<Identity> Identities(YamlReader reader, YamlValue value)
    {
        foreach (var (at, name, purpose) in reader.Named(value, "identities", "signer: signs images"))
        {
            if (!Name().IsMatch(name))
            {
                reader.Error(at, $"'{name}' is no name of an identity.", "Write lower-case letters, digits and dashes, at most 17, such as signer.");
            }
            else if (reader.Text(purpose, $"The purpose of {name}", "signs images") is { } words)
            {
                yield return new Identity(name, words);
            }
        }
    }

    private static IEnumerable<CustomRole> Roles(YamlReader reader, YamlValue value)
    {
        foreach (var (at, id, role) in reader.Named(value, "roles", "binauthzKeyRotator"))
        {
            var values = reader.Mapping(role, $"The role {id}", "title", "why", "permissions");
            if (!RoleId().IsMatch(id))
            {
                reader.Error(at, $"'{id}' is no id of a role.", "Write 3 to 64 letters, digits, underscores and periods.");
            }

            yield return new CustomRole(id, Text("title", "Stores attestations"), Text("why", "roles/editor could also delete"), Permissions(reader, values, role));

            string Text(string key, string example) =>
                reader.Required(values, role, key, $"Write {key}: {example}.") is { } found ? reader.Text(found, $"The key '{key}' of {id}", example) ?? "" : "";
        }
    }

    private static Grant? Grant(YamlReader reader, YamlValue item, Identity[] identities, CustomRole[] roles)
    {
        var values = reader.Mapping(item, "A grant", "identity", "role", "on", "below", "exclusive", "permissions");
        var permissions = Permissions(reader, values, item);
        var identity = Known("identity", "signer", name => identities.Any(each => each.Name == name), "Name one of the identities above.");
        var role = Known("role", "roles/cloudkms.signer", name => PredefinedRole().IsMatch(name) || roles.Any(each => each.Id == name), "Write roles/PRODUCT.NAME or the id of one of the roles above.");
        var on = Known("on", "key", text => GrantTarget.TryParse(text, out _), $"Write one of {GrantTarget.Forms}.");
        if (identity is null || role is null || on is null || !GrantTarget.TryParse(on, out var target))
        {
            return null;
        }

        Contained(reader, values, roles.FirstOrDefault(each => each.Id == role), permissions);
        var exclusive = values.TryGetValue("exclusive", out var alone) && reader.Boolean(alone, "The key 'exclusive'");
        return new Grant(identity, role, target, Below(reader, values, target), exclusive, permissions);

        string? Known(string key, string example, Func<string, bool> isKnown, string remedy)
        {
            if (reader.Required(values, item, key, remedy) is not { } found || reader.Text(found, $"The key '{key}' of a grant", example) is not { } text)
            {
                return null;
            }

            if (!isKnown(text))
            {
                reader.Error(found, $"'{text}' cannot be the {key} of a grant.", remedy);
                return null;
            }

            return text;
        }
    }

    private static string[] Permissions(YamlReader reader, Dictionary<string, YamlValue> values, YamlValue parent)
    {
        if (reader.Required(values, parent, "permissions", "Name each permission that is used.") is not { } list)
        {
            return [];
        }

        var named = reader.Texts(list, "permissions", PermissionExample);
        foreach (var (at, text) in named.Where(each => !Permission().IsMatch(each.Text)))
        {
            reader.Error(at, $"'{text}' is no permission.", $"Write SERVICE.RESOURCE.VERB, such as {PermissionExample}.");
        }

        return [.. named.Select(each => each.Text)];
    }

    private static void Contained(YamlReader reader, Dictionary<string, YamlValue> values, CustomRole? role, string[] permissions)
    {
        foreach (var missing in role is null ? [] : permissions.Except(role.Permissions))
        {
            reader.Error(values["permissions"], $"The role {role!.Id} does not hold {missing}.", "Add it to the role, or take it away here.");
        }
    }

    private static string[] Below(YamlReader reader, Dictionary<string, YamlValue> values, GrantTarget target)
    {
        if (!values.TryGetValue("below", out var list))
        {
            return [];
        }

        if (target.Kind != GrantTargetKind.Bucket)
        {
            reader.Error(list, $"Only grants on a bucket have the key 'below', and this one is on {target}.", "Remove it.");
        }

        var named = reader.Texts(list, "below", "audits/");
        foreach (var (at, text) in named.Where(each => !Prefix().IsMatch(each.Text)))
        {
            reader.Error(at, $"'{text}' is no folder of the bucket.", "Write letters, digits, dashes and slashes, and a slash at the end, such as audits/.");
        }

        return [.. named.Select(each => each.Text)];
    }

    // With the longest environment's name and a dash in front, an account's id has at most 30 characters.
    [GeneratedRegex(@"\A[a-z][a-z0-9-]{0,16}\z")]
    private static partial Regex Name();

    [GeneratedRegex(@"\A[a-zA-Z0-9_.]{3,64}\z")]
    private static partial Regex RoleId();

    [GeneratedRegex(@"\Aroles/[a-zA-Z]+(\.[a-zA-Z]+)*\z")]
    private static partial Regex PredefinedRole();

    [GeneratedRegex(@"\A[a-z][a-zA-Z]*\.[a-zA-Z]+\.[a-zA-Z]+\z")]
    private static partial Regex Permission();

    [GeneratedRegex(@"\A[a-z0-9-]+(/[a-z0-9-]+)*/\z")]
    private static partial Regex Prefix();
}
