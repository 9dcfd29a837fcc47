using CloudNative.CloudEvents;
using Google.Cloud.Functions.Framework;

namespace BinAuthz.Tests.FunctionsHost;

/// <summary>Keeps the events of one data type that it is called with.</summary>
internal sealed class TypedRecordingFunction<TData>(EventRecorder recorder) : ICloudEventFunction<TData>
    where TData : class
{
    public Task HandleAsync(CloudEvent cloudEvent, TData data, CancellationToken cancellationToken)
    {
        recorder.Calls.Enqueue((cloudEvent, data));
        return Task.CompletedTask;
    }
}
