using CloudNative.CloudEvents;

namespace Google.Cloud.Functions.Framework;

/// <summary>A function that takes any CloudEvent, its data as JSON, text or bytes.</summary>
public interface ICloudEventFunction
{
    /// <summary>Handles one event; an exception means that the event should be delivered again.</summary>
    /// <param name="cloudEvent">The event of the request.</param>
    /// <param name="cancellationToken">Ends when the sender gives the request up.</param>
    /// <returns>A task that ends when the event is handled.</returns>
    Task HandleAsync(CloudEvent cloudEvent, CancellationToken cancellationToken);
}
