using System.Collections.Concurrent;
using CloudNative.CloudEvents;

namespace BinAuthz.Tests.FunctionsHost;

/// <summary>What a function under test was called with.</summary>
internal sealed class EventRecorder
{
    public ConcurrentQueue<(CloudEvent Event, object? Data)> Calls { get; } = new();

    public (CloudEvent Event, object? Data) Only => Assert.Single(Calls);
}
