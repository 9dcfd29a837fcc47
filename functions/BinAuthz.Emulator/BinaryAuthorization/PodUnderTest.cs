using BinAuthz.Emulator.Hosting;
using Google.Protobuf.WellKnownTypes;

namespace BinAuthz.Emulator.BinaryAuthorization;

/// <summary>What a platform policy looks at in a Kubernetes object.</summary>
/// <param name="Name">May be empty.</param>
/// <param name="Namespace">The namespace, <c>default</c> when none is given.</param>
/// <param name="ServiceAccount">The account, <c>default</c> when none is given.</param>
/// <param name="Images">Of all containers, also init and ephemeral ones.</param>
internal sealed record PodUnderTest(string Name, string Namespace, string ServiceAccount, IReadOnlyList<string> Images)
{
    private static readonly string[] Containers = ["initContainers", "containers", "ephemeralContainers"];

    /// <summary>Reads a pod, or an object with a pod template.</summary>
    /// <exception cref="Grpc.Core.RpcException">INVALID_ARGUMENT: it is neither.</exception>
    public static PodUnderTest Read(Struct? resource)
    {
        var kind = Text(resource, "kind");
        var template = kind switch
        {
            "Pod" => resource,
            "Deployment" or "ReplicaSet" or "StatefulSet" or "DaemonSet" or "Job" or "ReplicationController" => Child(Child(resource, "spec"), "template"),
            "CronJob" => Child(Child(Child(Child(resource, "spec"), "jobTemplate"), "spec"), "template"),
            _ => throw Errors.Invalid($"resource is of kind '{kind}'; a Pod, or an object with a pod template, can be evaluated."),
        };
        var spec = Child(template, "spec") ?? throw Errors.Invalid("resource has no pod spec.");
        var metadata = Child(resource, "metadata");
        return new PodUnderTest(
            Text(metadata, "name"),
            Text(metadata, "namespace") is { Length: > 0 } scope ? scope : "default",
            Text(spec, "serviceAccountName") is { Length: > 0 } account ? account : "default",
            [.. Containers.SelectMany(list => ImagesIn(spec, list))]);
    }

    private static IEnumerable<string> ImagesIn(Struct spec, string list) =>
        spec.Fields.TryGetValue(list, out var value) && value.KindCase == Value.KindOneofCase.ListValue
            ? value.ListValue.Values.Select(container => Text(container.StructValue, "image"))
            : [];

    private static Struct? Child(Struct? parent, string field) => parent?.Fields.TryGetValue(field, out var value) == true ? value.StructValue : null;

    private static string Text(Struct? parent, string field) => parent?.Fields.TryGetValue(field, out var value) == true ? value.StringValue : "";
}
