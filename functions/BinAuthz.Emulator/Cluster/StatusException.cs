using System.Text.Json.Nodes;

namespace BinAuthz.Emulator.Cluster;

/// <summary>An error of the Kubernetes API, in whose form and words clients print it.</summary>
internal sealed class StatusException(int code, string reason, string message) : Exception(message)
{
    public int Code => code;

    public string Reason => reason;

    /// <summary>What the error is about: the fields name, group, kind and causes of a Status.</summary>
    public JsonObject? Details { get; private init; }

    /// <summary>The error as a Status.</summary>
    public JsonObject ToStatus()
    {
        var status = new JsonObject
        {
            ["kind"] = "Status",
            ["apiVersion"] = "v1",
            ["metadata"] = new JsonObject(),
            ["status"] = "Failure",
            ["message"] = Message,
            ["reason"] = reason,
            ["code"] = code,
        };
        if (Details is not null)
        {
            status["details"] = Details.DeepClone();
        }

        return status;
    }

    public static StatusException NotFound(KubernetesKind kind, string name) =>
        new(404, "NotFound", $"{kind.Resource} \"{name}\" not found") { Details = About(kind.Plural, kind, name) };

    public static StatusException AlreadyExists(KubernetesKind kind, string name) =>
        new(409, "AlreadyExists", $"{kind.Resource} \"{name}\" already exists") { Details = About(kind.Plural, kind, name) };

    public static StatusException Conflict(KubernetesKind kind, string name, string why) =>
        new(409, "Conflict", $"Operation cannot be fulfilled on {kind.Resource} \"{name}\": {why}") { Details = About(kind.Plural, kind, name) };

    public static StatusException Forbidden(KubernetesKind kind, string name, string why) =>
        new(403, "Forbidden", $"{kind.Resource} \"{name}\" is forbidden: {why}") { Details = About(kind.Plural, kind, name) };

    /// <summary>An object that breaks a rule.</summary>
    /// <param name="kind">Its kind.</param>
    /// <param name="name">Its name.</param>
    /// <param name="field">Such as <c>spec.containers[0].image</c>.</param>
    /// <param name="problem">Such as <c>Required value</c>.</param>
    public static StatusException Invalid(KubernetesKind kind, string name, string field, string problem)
    {
        var details = About(kind.Kind, kind, name);
        details["causes"] = new JsonArray(new JsonObject { ["reason"] = "FieldValueInvalid", ["message"] = problem, ["field"] = field });
        var title = kind.Group.Length == 0 ? kind.Kind : $"{kind.Kind}.{kind.Group}";
        return new(422, "Invalid", $"{title} \"{name}\" is invalid: {field}: {problem}") { Details = details };
    }

    public static StatusException BadRequest(string message) => new(400, "BadRequest", message);

    public static StatusException NoSuchPath() => new(404, "NotFound", "the server could not find the requested resource");

    public static StatusException MethodNotAllowed() => new(405, "MethodNotAllowed", "the server does not allow this method on the requested resource");

    public static StatusException UnsupportedMediaType(string message) => new(415, "UnsupportedMediaType", message);

    public static StatusException Expired(long asked) => new(410, "Expired", $"too old resource version: {asked}");

    /// <summary>What GKE answers when Binary Authorization refuses a pod. Source: real messages, since GKE 1.18.15.</summary>
    public static StatusException ViolatesPolicy(string name, string denial) =>
        new(403, "VIOLATES_POLICY", $"admission webhook \"{PodAdmission.Webhook}\" denied the request: {denial}") { Details = About("pods", KubernetesKinds.Pod, name) };

    private static JsonObject About(string named, KubernetesKind kind, string name)
    {
        var details = new JsonObject();
        if (name.Length > 0)
        {
            details["name"] = name;
        }

        if (kind.Group.Length > 0)
        {
            details["group"] = kind.Group;
        }

        details["kind"] = named;
        return details;
    }
}
