using System.Text.Json.Nodes;
using BinAuthz.Setup;

namespace BinAuthz.Tests.Deployment;

/// <summary>What terraform plans for an environment, in the form of <c>terraform show -json</c>.</summary>
internal sealed class PlannedEnvironment(JsonNode plan)
{

    /// <summary>The plan itself, for tests that make a mistake in it.</summary>
    public JsonNode Json => plan;

    /// <summary>The environment, by the name of its key ring.</summary>
    public DeploymentEnvironment Environment => DeploymentEnvironment.Parse(Text(One("google_kms_key_ring"), "name").Split('-')[0]);

    public string Project => Text(One("google_kms_key_ring"), "project");

    public string Location => Text(One("google_kms_key_ring"), "location");

    /// <summary>The names of what roles are granted on; repositories and channel secrets are those that the plan has.</summary>
    public AccessNames Names => new(Project, Environment, Location)
    {
        Repositories = Repositories,
        ChannelSecrets =
        [
            .. All("google_secret_manager_secret_iam_member").Select(each => Text(each, "secret_id"))
                .Except(new[] { "approval", "alerts" }.Select(id => $"projects/{Project}/secrets/{Environment}-{id}")).Distinct(),
        ],
    };

    /// <summary>The repositories that the audit is told of, <c>projects/P/locations/L/repositories/R</c>.</summary>
    public IReadOnlyList<string> Repositories =>
        [.. Settings.Values.SelectMany(settings => settings).Where(setting => setting.Key.StartsWith("BinAuthz__Audit__Repositories__", StringComparison.Ordinal)).Select(setting => setting.Value)];

    /// <summary>The environment variables of each Cloud Run service, by its name; what is known after the apply only is empty.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Settings => All("google_cloud_run_v2_service").ToDictionary(
        service => Text(service, "name"),
        IReadOnlyDictionary<string, string> (service) => Items(Container(service), "env").ToDictionary(variable => Text(variable, "name"), variable => Text(variable, "value")));

    /// <summary>Reads the plan that <c>.ci/terraform</c> holds to what terraform plans.</summary>
    public static PlannedEnvironment Read(string environment) => new(JsonNode.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "testdata", "terraform", $"{environment}.json")))!);

    /// <summary>The values of all resources of a type.</summary>
    public IEnumerable<JsonObject> All(string type) => Resources.Where(resource => Text(resource, "type") == type).Select(resource => resource["values"]!.AsObject());

    /// <summary>The types and values of all resources.</summary>
    public IEnumerable<JsonObject> Resources => Modules(plan["planned_values"]!["root_module"]!.AsObject())
        .SelectMany(module => Items(module, "resources")).Where(resource => Text(resource, "mode") == "managed");

    public JsonObject One(string type) => Assert.Single(All(type));

    public static JsonObject Container(JsonObject service) => Items(Items(service, "template").Single(), "containers").Single();

    public static IEnumerable<JsonObject> Items(JsonObject parent, string name) => parent[name] is JsonArray list ? list.OfType<JsonObject>() : [];

    /// <summary>A text, also of a number; empty: it is not set, or not known before the apply.</summary>
    public static string Text(JsonObject parent, string name) => parent[name]?.ToString() ?? "";

    private static IEnumerable<JsonObject> Modules(JsonObject module) => [module, .. Items(module, "child_modules").SelectMany(Modules)];
}
