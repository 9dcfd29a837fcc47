using System.Text.Json.Nodes;

namespace BinAuthz.Emulator.Cluster;

/// <summary>
/// What the API server says of itself. The OpenAPI document of version 3 says only that changes take the parameter
/// <c>fieldValidation</c>, for which kubectl looks before it leaves validation to the server; schemas are not served.
/// </summary>
internal static class ApiDiscovery
{
    /// <summary>The version of Kubernetes that is played.</summary>
    public const string MinorVersion = "1.33";

    private static readonly string[] Verbs = ["create", "delete", "get", "list", "patch", "update", "watch"];

    /// <summary>The document at a path after the cluster, or null.</summary>
    public static JsonObject? Find(ReadOnlySpan<string> path) => path switch
    {
        ["version"] => Version(),
        ["api"] => new JsonObject { ["kind"] = "APIVersions", ["versions"] = new JsonArray("v1"), ["serverAddressByClientCIDRs"] = new JsonArray() },
        ["apis"] => new JsonObject { ["kind"] = "APIGroupList", ["apiVersion"] = "v1", ["groups"] = new JsonArray([.. KubernetesKinds.Groups.Select(Group)]) },
        ["apis", var group] when KubernetesKinds.Groups.Contains(group) => Group(group),
        ["api", "v1"] => Resources(""),
        ["apis", var group, "v1"] when KubernetesKinds.Groups.Contains(group) => Resources(group),
        ["openapi", "v3"] => new JsonObject { ["paths"] = new JsonObject(KubernetesKinds.Groups.Prepend("").Select(group => KeyValuePair.Create(GroupPath(group), (JsonNode?)new JsonObject { ["serverRelativeURL"] = $"/openapi/v3/{GroupPath(group)}" }))) },
        ["openapi", "v3", "api", "v1"] => OpenApi(""),
        ["openapi", "v3", "apis", var group, "v1"] when KubernetesKinds.Groups.Contains(group) => OpenApi(group),
        _ => null,
    };

    private static JsonObject Version() => new()
    {
        ["major"] = "1",
        ["minor"] = MinorVersion.Split('.')[1],
        ["gitVersion"] = $"v{MinorVersion}.2-emulator",
        ["gitCommit"] = "emulator",
        ["gitTreeState"] = "clean",
        ["buildDate"] = "2026-01-01T00:00:00Z",
        ["goVersion"] = "",
        ["compiler"] = "",
        ["platform"] = "linux/amd64",
    };

    private static JsonObject Group(string group)
    {
        var version = new JsonObject { ["groupVersion"] = $"{group}/v1", ["version"] = "v1" };
        return new JsonObject { ["kind"] = "APIGroup", ["apiVersion"] = "v1", ["name"] = group, ["versions"] = new JsonArray(version.DeepClone()), ["preferredVersion"] = version };
    }

    private static JsonObject Resources(string group)
    {
        var resources = new JsonArray();
        foreach (var kind in Of(group))
        {
            resources.Add(Resource(kind, kind.Plural, kind.Kind, Verbs));
            if (kind.Scales)
            {
                var scale = Resource(kind, $"{kind.Plural}/scale", "Scale", ["get", "patch", "update"]);
                scale["group"] = "autoscaling";
                scale["version"] = "v1";
                resources.Add((JsonNode)scale);
            }

            if (kind == KubernetesKinds.Pod)
            {
                resources.Add((JsonNode)Resource(kind, "pods/ephemeralcontainers", kind.Kind, ["get", "patch", "update"]));
            }
        }

        return new JsonObject { ["kind"] = "APIResourceList", ["apiVersion"] = "v1", ["groupVersion"] = group.Length == 0 ? "v1" : $"{group}/v1", ["resources"] = resources };
    }

    private static JsonObject Resource(KubernetesKind kind, string name, string kindName, string[] verbs)
    {
        var resource = new JsonObject
        {
            ["name"] = name,
            ["singularName"] = name == kind.Plural ? kind.Singular : "",
            ["namespaced"] = kind.Namespaced,
            ["kind"] = kindName,
            ["verbs"] = new JsonArray([.. verbs.Select(verb => (JsonNode)verb)]),
        };
        if (name == kind.Plural)
        {
            resource["shortNames"] = new JsonArray([.. kind.ShortNames.Select(shortName => (JsonNode)shortName)]);
            resource["categories"] = kind.InAll ? new JsonArray("all") : new JsonArray();
        }

        return resource;
    }

    private static JsonObject OpenApi(string group)
    {
        var paths = new JsonObject();
        foreach (var kind in Of(group))
        {
            paths[$"/{GroupPath(group)}/{(kind.Namespaced ? "namespaces/{namespace}/" : "")}{kind.Plural}/{{name}}"] = new JsonObject
            {
                ["patch"] = new JsonObject
                {
                    ["operationId"] = $"patch{kind}",
                    ["parameters"] = new JsonArray(new JsonObject { ["name"] = "fieldValidation", ["in"] = "query", ["schema"] = new JsonObject { ["type"] = "string" } }),
                    ["responses"] = new JsonObject { ["200"] = new JsonObject { ["description"] = "OK" } },
                    ["x-kubernetes-group-version-kind"] = new JsonObject { ["group"] = group, ["kind"] = kind.Kind, ["version"] = "v1" },
                },
            };
        }

        return new JsonObject
        {
            ["openapi"] = "3.0.0",
            ["info"] = new JsonObject { ["title"] = "Kubernetes", ["version"] = $"v{MinorVersion}.2" },
            ["paths"] = paths,
        };
    }

    private static IEnumerable<KubernetesKind> Of(string group) => KubernetesKinds.All.Where(kind => kind.Group == group);

    private static string GroupPath(string group) => group.Length == 0 ? "api/v1" : $"apis/{group}/v1";
}
