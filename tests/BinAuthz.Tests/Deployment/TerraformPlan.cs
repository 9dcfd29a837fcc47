using System.Text.Json;

namespace BinAuthz.Tests.Deployment;

/// <summary>The plan of an environment as its example has it, which <c>.ci/terraform</c> holds to what terraform plans.</summary>
internal sealed class TerraformPlan
{
    private readonly List<JsonElement> resources;

    private TerraformPlan(JsonElement root) => resources =
    [
        .. root.GetProperty("planned_values").GetProperty("root_module").GetProperty("child_modules").EnumerateArray().SelectMany(module => module.GetProperty("resources").EnumerateArray()),
    ];

    /// <summary>Reads one.</summary>
    public static TerraformPlan Of(string environment)
    {
        using var document = JsonDocument.Parse(TestData.Bytes($"terraform/{environment}.json"));
        return new TerraformPlan(document.RootElement.Clone());
    }

    /// <summary>What is made of a type: the values that are known before it is made.</summary>
    public IEnumerable<JsonElement> All(string type) => resources.Where(resource => resource.GetProperty("type").GetString() == type).Select(resource => resource.GetProperty("values"));

    /// <summary>The type and the values of everything.</summary>
    public IEnumerable<(string Type, JsonElement Values)> All() => resources.Select(resource => (resource.GetProperty("type").GetString()!, resource.GetProperty("values")));

    /// <summary>The names of what is made of a type.</summary>
    public string[] Names(string type) => [.. All(type).Select(values => values.GetProperty("name").GetString()!)];

    /// <summary>The environment variables of a function whose values are known.</summary>
    public Dictionary<string, string?> Settings(string service) => All("google_cloud_run_v2_service").Single(values => values.GetProperty("name").GetString() == service)
        .GetProperty("template")[0].GetProperty("containers")[0].GetProperty("env").EnumerateArray()
        .ToDictionary(each => each.GetProperty("name").GetString()!, each => each.TryGetProperty("value", out var value) ? value.GetString() : null);
}
