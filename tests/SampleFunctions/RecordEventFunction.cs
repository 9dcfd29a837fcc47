using CloudNative.CloudEvents;
using CloudNative.CloudEvents.SystemTextJson;
using Google.Cloud.Functions.Framework;
using Microsoft.Extensions.Logging;

namespace SampleFunctions;

/// <summary>Writes the event to the file that the conformance suite reads, and says so in the log.</summary>
public sealed partial class RecordEventFunction(ILogger<RecordEventFunction> logger) : ICloudEventFunction
{
    public async Task HandleAsync(CloudEvent cloudEvent, CancellationToken cancellationToken)
    {
        var json = new JsonEventFormatter().EncodeStructuredModeMessage(cloudEvent, out _);
        await File.WriteAllBytesAsync("function_output.json", json, cancellationToken);
        LogRecorded(logger, cloudEvent.Id, json.Length);
    }

    [LoggerMessage(1, LogLevel.Warning, "Recorded event {Id} of {Size} bytes")]
    private static partial void LogRecorded(ILogger logger, string? id, int size);
}
