using System.Text.Json.Nodes;
using Google.Protobuf;

namespace BinAuthz.Emulator.Cluster;

/// <summary>
/// Reads Kubernetes' protobuf, in which <c>kubectl create KIND</c> sends what it makes: the fields that those commands set,
/// with the numbers of the published k8s.io/api protos. A field that is not known here and not empty is refused.
/// </summary>
internal static class KubernetesProtobuf
{
    public const string MediaType = "application/vnd.kubernetes.protobuf";

    private static readonly Dictionary<string, Dictionary<int, Field>> Messages = new(StringComparer.Ordinal)
    {
        ["ConfigMap"] = Of((1, "metadata", "ObjectMeta"), (2, "data", Map)),
        ["Secret"] = Of((1, "metadata", "ObjectMeta"), (2, "data", BytesMap), (3, "type", Text)),
        ["Namespace"] = Of((1, "metadata", "ObjectMeta"), (2, "spec", Ignored), (3, "status", Ignored)),
        ["ServiceAccount"] = Of((1, "metadata", "ObjectMeta")),
        ["Service"] = Of((1, "metadata", "ObjectMeta"), (2, "spec", "ServiceSpec"), (3, "status", Ignored)),
        ["Deployment"] = Of((1, "metadata", "ObjectMeta"), (2, "spec", "DeploymentSpec"), (3, "status", Ignored)),
        ["Job"] = Of((1, "metadata", "ObjectMeta"), (2, "spec", "JobSpec"), (3, "status", Ignored)),
        ["CronJob"] = Of((1, "metadata", "ObjectMeta"), (2, "spec", "CronJobSpec"), (3, "status", Ignored)),
        ["ObjectMeta"] = Of((1, "name", Text), (2, "generateName", Text), (3, "namespace", Text), (5, "uid", Ignored), (6, "resourceVersion", Ignored), (7, "generation", Ignored), (8, "creationTimestamp", Ignored), (11, "labels", Map), (12, "annotations", Map), (13, "ownerReferences", "*OwnerReference"), (17, "managedFields", Ignored)),
        ["OwnerReference"] = Of((1, "kind", Text), (3, "name", Text), (4, "uid", Text), (5, "apiVersion", Text), (6, "controller", Flag), (7, "blockOwnerDeletion", Flag)),
        ["ServiceSpec"] = Of((1, "ports", "*ServicePort"), (2, "selector", Map), (3, "clusterIP", Text), (4, "type", Text)),
        ["ServicePort"] = Of((1, "name", Text), (2, "protocol", Text), (3, "port", Number), (4, "targetPort", Ignored), (5, "nodePort", Number)),
        ["DeploymentSpec"] = Of((1, "replicas", Pointer), (2, "selector", "LabelSelector"), (3, "template", "PodTemplateSpec"), (4, "strategy", "DeploymentStrategy")),
        ["DeploymentStrategy"] = Of((1, "type", Text)),
        ["JobSpec"] = Of((1, "parallelism", Pointer), (2, "completions", Pointer), (4, "selector", "LabelSelector"), (6, "template", "PodTemplateSpec"), (7, "backoffLimit", Pointer)),
        ["CronJobSpec"] = Of((1, "schedule", Text), (3, "concurrencyPolicy", Text), (4, "suspend", Flag), (5, "jobTemplate", "JobTemplateSpec")),
        ["JobTemplateSpec"] = Of((1, "metadata", "ObjectMeta"), (2, "spec", "JobSpec")),
        ["LabelSelector"] = Of((1, "matchLabels", Map)),
        ["PodTemplateSpec"] = Of((1, "metadata", "ObjectMeta"), (2, "spec", "PodSpec")),
        ["PodSpec"] = Of((2, "containers", "*Container"), (3, "restartPolicy", Text), (4, "terminationGracePeriodSeconds", Pointer), (6, "dnsPolicy", Text), (8, "serviceAccountName", Text), (9, "serviceAccount", Text), (19, "schedulerName", Text), (20, "initContainers", "*Container")),
        ["Container"] = Of((1, "name", Text), (2, "image", Text), (3, "command", Texts), (4, "args", Texts), (5, "workingDir", Text), (6, "ports", "*ContainerPort"), (7, "env", "*EnvVar"), (13, "terminationMessagePath", Text), (14, "imagePullPolicy", Text), (20, "terminationMessagePolicy", Text)),
        ["ContainerPort"] = Of((1, "name", Text), (2, "hostPort", Number), (3, "containerPort", Number), (4, "protocol", Text), (5, "hostIP", Text)),
        ["EnvVar"] = Of((1, "name", Text), (2, "value", Text)),
    };

    private const string Text = "string";
    private const string Texts = "strings";
    private const string Number = "number";
    private const string Pointer = "number or nothing";
    private const string Flag = "flag";
    private const string Map = "map";
    private const string BytesMap = "map of bytes";
    private const string Ignored = "what only the server says";

    /// <summary>The object as JSON.</summary>
    /// <exception cref="StatusException">400: it is no such protobuf; 415: a kind or field is not known here.</exception>
    public static JsonObject Read(byte[] body)
    {
        try
        {
            if (!body.AsSpan().StartsWith("k8s\0"u8))
            {
                throw StatusException.BadRequest("the body does not begin as Kubernetes' protobuf does");
            }

            var (type, raw) = Unwrap(body[4..]);
            var (apiVersion, kind) = Pair(type);
            if (!Messages.ContainsKey(kind) || KubernetesKinds.All.All(known => known.Kind != kind))
            {
                throw StatusException.UnsupportedMediaType($"{kind} is not read from {MediaType}; send application/json");
            }

            var row = new JsonObject { ["apiVersion"] = apiVersion, ["kind"] = kind };
            ReadInto(row, kind, raw);
            return row;
        }
        catch (InvalidProtocolBufferException error)
        {
            throw StatusException.BadRequest($"the body is not valid protobuf: {error.Message}");
        }
    }

    private static (byte[] Type, byte[] Raw) Unwrap(byte[] unknown)
    {
        byte[] type = [], raw = [];
        var input = new CodedInputStream(unknown);
        while (input.ReadTag() is var tag and not 0)
        {
            switch (WireFormat.GetTagFieldNumber(tag))
            {
                case 1: type = input.ReadBytes().ToByteArray(); break;
                case 2: raw = input.ReadBytes().ToByteArray(); break;
                default: input.SkipLastField(); break;
            }
        }

        return (type, raw);
    }

    private static void ReadInto(JsonObject target, string message, byte[] bytes)
    {
        var fields = Messages[message];
        var input = new CodedInputStream(bytes);
        while (input.ReadTag() is var tag and not 0)
        {
            var number = WireFormat.GetTagFieldNumber(tag);
            switch (WireFormat.GetTagWireType(tag))
            {
                case WireFormat.WireType.LengthDelimited:
                    ReadBytes(target, message, number, fields.GetValueOrDefault(number), input.ReadBytes());
                    break;
                case WireFormat.WireType.Varint:
                    ReadNumber(target, message, number, fields.GetValueOrDefault(number), input.ReadInt64());
                    break;
                default:
                    throw Unknown(message, number);
            }
        }
    }

    private static void ReadBytes(JsonObject target, string message, int number, Field? field, ByteString value)
    {
        switch (field)
        {
            case { Type: Ignored }:
            case not { Type: Texts } when value.IsEmpty:
                break;
            case null:
                throw Unknown(message, number);
            case { Type: Text }:
                target[field.Name] = value.ToStringUtf8();
                break;
            case { Type: Texts }:
                Append(target, field.Name, value.ToStringUtf8());
                break;
            case { Type: Map }:
                var (key, text) = Pair(value.ToByteArray());
                target.Child(field.Name)[key] = text;
                break;
            case { Type: BytesMap }:
                var (secret, _) = Pair(value.ToByteArray());
                target.Child(field.Name)[secret] = Convert.ToBase64String(Second(value.ToByteArray()));
                break;
            case { Type: Number or Pointer or Flag }:
                throw Unknown(message, number);
            default:
                var inner = new JsonObject();
                ReadInto(inner, field.Type.TrimStart('*'), value.ToByteArray());
                if (field.Type.StartsWith('*'))
                {
                    Append(target, field.Name, inner);
                }
                else
                {
                    target[field.Name] = inner;
                }

                break;
        }
    }

    private static void ReadNumber(JsonObject target, string message, int number, Field? field, long value)
    {
        if (field is { Type: Pointer } || (field is { Type: Number } && value != 0))
        {
            target[field.Name] = value;
        }
        else if (field is { Type: Flag })
        {
            target[field.Name] = value != 0;
        }
        else if (value != 0 && field is not { Type: Ignored })
        {
            throw Unknown(message, number);
        }
    }

    private static void Append(JsonObject target, string name, JsonNode item)
    {
        if (target[name] is not JsonArray list)
        {
            target[name] = list = new JsonArray();
        }

        list.Add(item);
    }

    // Entries of maps, and types, are two strings.
    private static (string First, string Second) Pair(byte[] entry)
    {
        var first = "";
        var input = new CodedInputStream(entry);
        while (input.ReadTag() is var tag and not 0)
        {
            if (WireFormat.GetTagFieldNumber(tag) == 1)
            {
                first = input.ReadString();
            }
            else
            {
                input.SkipLastField();
            }
        }

        return (first, System.Text.Encoding.UTF8.GetString(Second(entry)));
    }

    private static byte[] Second(byte[] entry)
    {
        byte[] second = [];
        var input = new CodedInputStream(entry);
        while (input.ReadTag() is var tag and not 0)
        {
            if (WireFormat.GetTagFieldNumber(tag) == 2)
            {
                second = input.ReadBytes().ToByteArray();
            }
            else
            {
                input.SkipLastField();
            }
        }

        return second;
    }

    private static Dictionary<int, Field> Of(params (int Number, string Name, string Type)[] fields) => fields.ToDictionary(field => field.Number, field => new Field(field.Name, field.Type));

    private static StatusException Unknown(string message, int number) =>
        StatusException.UnsupportedMediaType($"field {number} of {message} is not read from {MediaType}; send application/json");

    private sealed record Field(string Name, string Type);
}
