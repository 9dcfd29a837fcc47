using CloudNative.CloudEvents;
using CloudNative.CloudEvents.SystemTextJson;

namespace BinAuthz.Tests.FunctionsHost;

/// <summary>Event data with the formatter that most functions use.</summary>
[CloudEventFormatter(typeof(JsonEventFormatter<Order>))]
internal sealed record Order
{
    public string? Name { get; init; }
}
