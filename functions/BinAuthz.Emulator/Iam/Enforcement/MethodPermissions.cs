using System.Collections;
using System.Collections.Frozen;
using Google.Protobuf;

namespace BinAuthz.Emulator.Iam.Enforcement;

/// <summary>Which permissions each gRPC method needs, and on what (each API's reference; cloud.google.com/iam/docs/permissions-reference).</summary>
internal static class MethodPermissions
{
    /// <summary>Instead of a permission: every caller with a name may.</summary>
    public const string Nothing = "";

    private static readonly FrozenDictionary<string, MethodPermission[]> Table = PermissionTable.All.GroupBy(each => each.Method).ToFrozenDictionary(each => each.Key, each => each.ToArray());

    /// <summary>What a call needs; null: that is not known here.</summary>
    /// <param name="method">Such as <c>/google.cloud.kms.v1.KeyManagementService/AsymmetricSign</c>.</param>
    /// <param name="host">Of the API that was called.</param>
    /// <param name="request">The request.</param>
    public static IReadOnlyList<CheckedPermission>? Of(string method, string host, IMessage request)
    {
        var name = method[(method.LastIndexOf('/') + 1)..];
        return name switch
        {
            "GetIamPolicy" => [OnPolicy("getIamPolicy", request)],
            "SetIamPolicy" => [OnPolicy("setIamPolicy", request)],
            // Whoever asks learns what he may do, and nothing else.
            "TestIamPermissions" => [new CheckedPermission(Nothing, "")],
            "ListLocations" => [new CheckedPermission($"{host.Split('.')[0]}.locations.list", Named(request, "name").FirstOrDefault(""))],
            _ => Table.TryGetValue(method, out var needed) ? [.. needed.SelectMany(each => Resources(each, request))] : null,
        };
    }

    private static CheckedPermission OnPolicy(string verb, IMessage request)
    {
        var resource = Whole(Named(request, "resource").FirstOrDefault(""));
        return new CheckedPermission($"{PolicyOwner(resource)}.{verb}", resource);
    }

    // Where one of the fields names nothing, nothing is known about what it would be about.
    private static IEnumerable<CheckedPermission> Resources(MethodPermission needed, IMessage request)
    {
        string[] names = [.. Named(request, needed.Field).Distinct()];
        return names.Length == 0 && needed.IsRequired ? [new CheckedPermission(needed.Permission, "nothing that the request names")] : names.Select(name => new CheckedPermission(needed.Permission, Whole(name)));
    }

    // Projects are named by their ids alone in some requests.
    private static string Whole(string name) => name.Contains('/', StringComparison.Ordinal) ? name : $"projects/{name}";

    /// <summary>The names in a field of a request; in all of its items where a field on the way is repeated.</summary>
    private static IEnumerable<string> Named(IMessage message, string path)
    {
        var dot = path.IndexOf('.', StringComparison.Ordinal);
        var field = message.Descriptor.FindFieldByName(dot < 0 ? path : path[..dot]) ?? throw new InvalidOperationException($"{message.Descriptor.FullName} has no field {path}.");
        IEnumerable<object?> values = field.Accessor.GetValue(message) switch
        {
            string text => [text],
            IList items => items.Cast<object?>(),
            var other => [other],
        };
        return values.SelectMany(value => value switch
        {
            string { Length: > 0 } name => [name],
            IMessage inner when dot >= 0 => Named(inner, path[(dot + 1)..]),
            _ => Enumerable.Empty<string>(),
        });
    }

    /// <summary>How the permissions on the policy of a resource begin.</summary>
    private static string PolicyOwner(string resource) => resource.Split('/') switch
    {
        ["projects", _] => "resourcemanager.projects",
        ["projects", _, "policy"] => "binaryauthorization.policy",
        [.., "attestors", _] => "binaryauthorization.attestors",
        [.., "notes", _] => "containeranalysis.notes",
        [.., "occurrences", _] => "containeranalysis.occurrences",
        [.., "cryptoKeys", _] => "cloudkms.cryptoKeys",
        [.., "keyRings", _] => "cloudkms.keyRings",
        [.., "repositories", _] => "artifactregistry.repositories",
        [.., "topics", _] => "pubsub.topics",
        [.., "subscriptions", _] => "pubsub.subscriptions",
        [.., "secrets", _] => "secretmanager.secrets",
        [.., "serviceAccounts", _] => "iam.serviceAccounts",
        [.., "services", _] => "run.services",
        _ => "an unknown kind of resource",
    };
}
