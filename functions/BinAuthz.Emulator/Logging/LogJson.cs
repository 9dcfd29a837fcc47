using System.Text.Json;
using Google.Cloud.Logging.V2;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;

namespace BinAuthz.Emulator.Logging;

/// <summary>Entries as the JSON in which filters name their fields and sinks deliver them.</summary>
internal static class LogJson
{
    /// <summary>The payloads that an entry may carry as an Any.</summary>
    public static TypeRegistry Payloads { get; } = TypeRegistry.FromFiles(Google.Cloud.Audit.AuditReflection.Descriptor, LogServiceReflection.Descriptor);

    private static readonly JsonFormatter Formatter = new(JsonFormatter.Settings.Default.WithTypeRegistry(Payloads));

    public static string Text(IMessage message) => Formatter.Format(message);

    public static JsonElement Element(LogEntry entry) => JsonSerializer.Deserialize<JsonElement>(Text(entry));

    /// <summary>As in JSON, without the quotes.</summary>
    public static string Text(Timestamp time) => Formatter.Format(time).Trim('"');
}
