using System.Text.Json;
using System.Text.Json.Serialization;

namespace BinAuthz.Functions.Events;

/// <summary>The events' JSON, generated at build time.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(MessagePublished))]
internal sealed partial class EventJson : JsonSerializerContext;
