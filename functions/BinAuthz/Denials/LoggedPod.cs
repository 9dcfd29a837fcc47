using System.Text.Json;
using BinAuthz.Admission;
using BinAuthz.Approval.Pushes;

namespace BinAuthz.Denials;

/// <summary>The pod of an audit entry of Kubernetes: as it was asked for and, when it was admitted, as it became.</summary>
internal sealed class LoggedPod
{
    private readonly JsonElement request;
    private readonly JsonElement response;

    public LoggedPod(LoggedEntry entry)
    {
        (request, response) = (entry.Request, entry.Response);
        IsAdmitted = response.Text("status") != "Failure" && !entry.HasFailed;

        // core/v1/namespaces/NAMESPACE/pods[/NAME]
        var path = entry.Payload.Text("resourceName").Split('/');
        Namespace = Name(path is [_, _, "namespaces", var named, "pods", ..] ? named : request.Member("metadata").Text("namespace"));
        var metadata = IsPod(response) ? response.Member("metadata") : request.Member("metadata");
        Workload = PodOwner.Of(metadata, path is [_, _, "namespaces", _, "pods", var pod, ..] ? pod : "");
        AdmittedName = IsAdmitted && IsPod(response) ? Name(metadata.Text("name")) : "";
        Images = [.. new[] { request, response }.SelectMany(ImagesOf).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>Whether the API server took it.</summary>
    public bool IsAdmitted { get; }

    public string Namespace { get; }

    /// <summary><see cref="PodOwner"/>.</summary>
    public string Workload { get; }

    /// <summary>Its name as it became; empty when it was refused or the entry does not tell.</summary>
    public string AdmittedName { get; }

    /// <summary>Of all its containers, init and ephemeral ones included, each once.</summary>
    public IReadOnlyList<string> Images { get; }

    /// <summary>The only image, if there is just one.</summary>
    public string? OnlyImage => Images is [var image] ? image : null;

    /// <summary><c>default</c> when none is written; empty when the entry has no pod.</summary>
    public string ServiceAccount
    {
        get
        {
            var spec = IsPod(response) ? response.Member("spec") : request.Member("spec");
            var name = spec.Text("serviceAccountName") is { Length: > 0 } current ? current : spec.Text("serviceAccount");
            return name.Length > 0 ? Name(name) : IsPod(response) || IsPod(request) ? "default" : "";
        }
    }

    /// <summary>Whether the pod itself asks for break-glass, by the label or by the annotation that it replaced.</summary>
    public bool AsksForBreakGlass => new[] { request, response }.Any(pod =>
        pod.Member("metadata", "labels").Text(BreakGlass.Label) == "true" || pod.Member("metadata", "annotations").Text(BreakGlass.OldAnnotation) == "true");

    private static IEnumerable<string> ImagesOf(JsonElement pod) => PodTemplates.ContainerLists
        .SelectMany(list => pod.Member("spec").Items(list.Key)).Select(container => container.Text("image")).Where(image => image.Length > 0);

    private static bool IsPod(JsonElement value) => value.Text("kind") == "Pod";

    private static string Name(string text) => LoggedText.Cut(text, LoggedText.MaximumName);
}
