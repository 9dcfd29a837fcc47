using CloudNative.CloudEvents;

namespace Google.Cloud.Functions.Framework;

/// <summary>A function that takes CloudEvents whose data is of one type.</summary>
/// <typeparam name="TData">The type of the data, which names its formatter with <see cref="CloudEventFormatterAttribute"/>.</typeparam>
public interface ICloudEventFunction<TData>
    where TData : class
{
    /// <summary>Handles one event; an exception means that the event should be delivered again.</summary>
    /// <param name="cloudEvent">The event of the request.</param>
    /// <param name="data">The event's data; null if the request had no body.</param>
    /// <param name="cancellationToken">Ends when the sender gives the request up.</param>
    /// <returns>A task that ends when the event is handled.</returns>
    Task HandleAsync(CloudEvent cloudEvent, TData data, CancellationToken cancellationToken);
}
