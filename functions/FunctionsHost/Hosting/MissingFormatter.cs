using System.Net.Mime;
using CloudNative.CloudEvents;

namespace Google.Cloud.Functions.Hosting;

/// <summary>Says, when the first event arrives, that its data type names no formatter.</summary>
internal sealed class MissingFormatter(Type dataType) : CloudEventFormatter
{
    public override IReadOnlyList<CloudEvent> DecodeBatchModeMessage(
        ReadOnlyMemory<byte> body, ContentType? contentType, IEnumerable<CloudEventAttribute>? extensionAttributes) => throw Missing();

    public override CloudEvent DecodeStructuredModeMessage(
        ReadOnlyMemory<byte> body, ContentType? contentType, IEnumerable<CloudEventAttribute>? extensionAttributes) => throw Missing();

    public override void DecodeBinaryModeEventData(ReadOnlyMemory<byte> body, CloudEvent cloudEvent) => throw Missing();

    public override ReadOnlyMemory<byte> EncodeBatchModeMessage(IEnumerable<CloudEvent> cloudEvents, out ContentType contentType) =>
        throw Missing();

    public override ReadOnlyMemory<byte> EncodeBinaryModeEventData(CloudEvent cloudEvent) => throw Missing();

    public override ReadOnlyMemory<byte> EncodeStructuredModeMessage(CloudEvent cloudEvent, out ContentType contentType) =>
        throw Missing();

    private InvalidOperationException Missing() => new(
        $"Data type {dataType.FullName} has no formatter: give it [CloudEventFormatter(typeof(...))], or register a CloudEventFormatter in a startup.");
}
