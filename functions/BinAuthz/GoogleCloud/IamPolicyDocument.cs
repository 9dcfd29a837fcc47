using System.Text.Json.Nodes;

namespace BinAuthz.GoogleCloud;

/// <summary>A policy as its API has it, to be changed and written back: what is not known here stays as it is, and the etag tells whether somebody else was faster.</summary>
/// <param name="json">The policy; it is changed in place.</param>
internal sealed class IamPolicyDocument(JsonObject json)
{
    /// <summary>What is written back.</summary>
    public JsonObject Json => json;

    /// <summary>What the policy says.</summary>
    public IamPolicy Policy => new(
        [
            .. GoogleJson.Items(json["bindings"]).Select(binding => new IamBinding(GoogleJson.Text(binding["role"]), [.. GoogleJson.Texts(binding["members"])])
            {
                Condition = ConditionOf(binding),
            }),
        ],
        [
            .. GoogleJson.Items(json["auditConfigs"]).SelectMany(config => GoogleJson.Items(config["auditLogConfigs"])
                .Select(log => new IamAuditLog(GoogleJson.Text(config["service"]), GoogleJson.Text(log["logType"]), [.. GoogleJson.Texts(log["exemptedMembers"])]))),
        ]);

    /// <summary>Gives the members of a binding its role, unless they have it.</summary>
    /// <param name="wanted">The role, the members, the condition.</param>
    /// <param name="title">Of the condition; IAM asks for one.</param>
    /// <returns>Whether anybody lacked it.</returns>
    public bool Grant(IamBinding wanted, string title)
    {
        var missing = Policy.Lacking(wanted);
        if (missing.Count == 0)
        {
            return false;
        }

        var bindings = List(json, "bindings");
        var members = List(GoogleJson.Items(bindings).FirstOrDefault(binding => GoogleJson.Text(binding["role"]) == wanted.Role && ConditionOf(binding) == wanted.Condition) ?? Add(bindings, wanted, title), "members");
        foreach (var member in missing)
        {
            members.Add((JsonNode)JsonValue.Create(member));
        }

        return true;
    }

    /// <summary>Turns an audit log on, unless it is.</summary>
    /// <param name="service">Such as <c>cloudkms.googleapis.com</c>.</param>
    /// <param name="type">Such as <c>DATA_READ</c>.</param>
    /// <returns>Whether it was off.</returns>
    public bool Record(string service, string type)
    {
        if (Policy.Records(service, type))
        {
            return false;
        }

        var configs = List(json, "auditConfigs");
        var config = GoogleJson.Items(configs).FirstOrDefault(each => GoogleJson.Text(each["service"]) == service);
        if (config is null)
        {
            config = new JsonObject { ["service"] = service };
            configs.Add((JsonNode)config);
        }

        List(config, "auditLogConfigs").Add((JsonNode)new JsonObject { ["logType"] = type });
        return true;
    }

    // Conditions need version 3 of the policy (docs: iam/docs/policies#versions).
    private JsonObject Add(JsonArray bindings, IamBinding wanted, string title)
    {
        var binding = new JsonObject { ["role"] = wanted.Role };
        if (wanted.Condition.Length > 0)
        {
            binding["condition"] = new JsonObject { ["title"] = title, ["expression"] = wanted.Condition };
            json["version"] = 3;
        }

        bindings.Add((JsonNode)binding);
        return binding;
    }

    private static string ConditionOf(JsonObject binding) => binding["condition"] is JsonObject condition ? GoogleJson.Text(condition["expression"]) : "";

    private static JsonArray List(JsonObject parent, string name)
    {
        if (parent[name] is JsonArray list)
        {
            return list;
        }

        var made = new JsonArray();
        parent[name] = made;
        return made;
    }
}
