using System.Text.Json;
using Google.Cloud.Logging.V2;
using Google.Protobuf.Reflection;

namespace BinAuthz.Emulator.Logging.Query;

/// <summary>A field of an entry. Fields of the entry itself have a default; those of payloads and labels may be missing.</summary>
internal sealed class FieldPath
{
    private readonly IReadOnlyList<string> names;

    private FieldPath(IReadOnlyList<string> names, FieldDescriptor? field) => (this.names, Field) = (names, field);

    /// <summary>The declaration, unless the field lies in a payload or in labels.</summary>
    public FieldDescriptor? Field { get; }

    /// <exception cref="Grpc.Core.RpcException">INVALID_ARGUMENT: entries have no such field.</exception>
    public static FieldPath Resolve(string query, QueryToken token)
    {
        var names = new List<string>();
        var message = LogEntry.Descriptor;
        FieldDescriptor? field = null;
        for (var index = 0; index < token.Path.Count; index++)
        {
            if (message is null)
            {
                names.Add(token.Path[index]);
                field = null;
                continue;
            }

            field = Find(message, token.Path[index])
                ?? throw QuerySyntax.Error(query, token.Position, $"Field not found: '{string.Join('.', token.Path.Take(index + 1))}'.");
            names.Add(field.JsonName);
            message = Nested(field) ?? (IsOpen(field) || index == token.Path.Count - 1
                ? null
                : throw QuerySyntax.Error(query, token.Position, $"Field not found: '{string.Join('.', token.Path.Take(index + 2))}'."));
        }

        return new FieldPath(names, field);
    }

    /// <summary>What an entry has there: every element of a repeated field; nothing when the field is missing.</summary>
    public IEnumerable<JsonElement> Values(JsonElement entry) => Values(entry, 0);

    private IEnumerable<JsonElement> Values(JsonElement element, int depth)
    {
        if (element.ValueKind == JsonValueKind.Array)
        {
            return element.EnumerateArray().SelectMany(item => Values(item, depth));
        }

        if (depth == names.Count)
        {
            return [element];
        }

        return element.ValueKind == JsonValueKind.Object && element.TryGetProperty(names[depth], out var inner) ? Values(inner, depth + 1) : [];
    }

    private static FieldDescriptor? Find(MessageDescriptor message, string name) => message.Fields.InDeclarationOrder()
        .FirstOrDefault(field => field.JsonName.Equals(name, StringComparison.OrdinalIgnoreCase) || field.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    private static MessageDescriptor? Nested(FieldDescriptor field) =>
        field is { IsMap: false, FieldType: FieldType.Message } && field.MessageType.File.Package != "google.protobuf" ? field.MessageType : null;

    // Labels and payloads hold what their writer likes.
    private static bool IsOpen(FieldDescriptor field) => field.IsMap || field.FieldType == FieldType.Message;
}
