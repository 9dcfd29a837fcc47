using BinAuthz.Auditing;
using BinAuthz.GoogleCloud;
using BinAuthz.Rotation;
using BinAuthz.Signing;
using CloudNative.CloudEvents;
using Microsoft.Extensions.Logging;

namespace BinAuthz.Functions.Events;

/// <summary>
/// The one place that decides how a delivery is answered. Returning acknowledges it; an exception leaves it for
/// redelivery with backoff and, in the end, the dead-letter topic.
/// </summary>
internal sealed partial class EventDelivery(StorageClient storage, EvidenceBucket bucket, ILogger<EventDelivery> logger)
{
    /// <summary>Runs <paramref name="handle"/> for the data of an event's message.</summary>
    public Task RunAsync(CloudEvent cloudEvent, MessagePublished published, Func<ReadOnlyMemory<byte>, CancellationToken, Task> handle, CancellationToken cancellationToken) =>
        RunAsync(cloudEvent.Id ?? "", published, handle, cancellationToken);

    /// <summary>Runs <paramref name="handle"/> for the data of a message.</summary>
    public async Task RunAsync(string id, MessagePublished published, Func<ReadOnlyMemory<byte>, CancellationToken, Task> handle, CancellationToken cancellationToken)
    {
        try
        {
            if (published.Problem is { } problem)
            {
                throw new UnreadableEventException(problem);
            }

            await TellAsync(id, () => handle(published.Message.Data, cancellationToken)).ConfigureAwait(false);
        }
        catch (UnreadableEventException error)
        {
            // A message that comes again has its copy already, and evidence is not overwritten.
            var copy = $"poison/{Uri.EscapeDataString(id)}";
            await storage.CreateAsync(bucket.Name, copy, published.Body, "application/json", cancellationToken).ConfigureAwait(false);
            Log.PoisonEvent(logger, id, error.Message, $"gs://{bucket.Name}/{copy}");
        }
    }

    /// <summary>Runs <paramref name="handle"/>, and logs whether time or an operator mends what went wrong.</summary>
    public async Task TellAsync(string id, Func<Task> handle)
    {
        try
        {
            await handle().ConfigureAwait(false);
        }
        catch (Exception error) when (error is GoogleCallException { IsTransient: true } or NotYetException)
        {
            Log.TriedAgainLater(logger, id, error.Message);
            throw;
        }
        catch (Exception error) when (error is GoogleCallException or SigningException or RotationException or AuditException or CorruptedInTransitException)
        {
            Log.OperatorNeeded(logger, id, error.Message);
            throw;
        }
    }

    /// <summary>Whether the same request may succeed later without anyone mending anything.</summary>
    public static bool IsTransient(Exception error) => error is GoogleCallException { IsTransient: true } or CorruptedInTransitException or NotYetException;

    /// <summary>Whether it is an error that says what is wrong, and no bug of ours.</summary>
    public static bool IsKnown(Exception error) => error is GoogleCallException or SigningException or RotationException or AuditException or CorruptedInTransitException or NotYetException;

    private static partial class Log
    {
        [LoggerMessage(901, LogLevel.Error, "PoisonEvent: message {MessageId} was acknowledged unread: {Reason} A copy is in {Copy}.")]
        public static partial void PoisonEvent(ILogger logger, string messageId, string reason, string copy);

        [LoggerMessage(902, LogLevel.Warning, "Message {MessageId} is left for redelivery: {Reason}")]
        public static partial void TriedAgainLater(ILogger logger, string messageId, string reason);

        [LoggerMessage(903, LogLevel.Critical, "OperatorNeeded: message {MessageId} is left for redelivery until this is mended: {Reason}")]
        public static partial void OperatorNeeded(ILogger logger, string messageId, string reason);
    }
}
