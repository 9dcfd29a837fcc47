using CloudNative.CloudEvents;
using Google.Cloud.Functions.Framework;

namespace BinAuthz.Tests.FunctionsHost;

/// <summary>Keeps the events that it is called with.</summary>
internal sealed class RecordingFunction(EventRecorder recorder) : ICloudEventFunction
{
    public Task HandleAsync(CloudEvent cloudEvent, CancellationToken cancellationToken)
    {
        recorder.Calls.Enqueue((cloudEvent, cloudEvent.Data));
        return Task.CompletedTask;
    }
}
