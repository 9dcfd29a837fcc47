using BinAuthz.GoogleCloud;

namespace BinAuthz.Auditing.Telling;

/// <summary>Tells programs of a report: a message for each new and each resolved finding, then one for the report with the digest that anchors the chain.</summary>
internal sealed class FindingsPublisher(PublisherClient publisher, AuditRequests requests)
{
    // Of the longest messages there are, less than the 10 MB of a call.
    private const int AtOnce = 100;

    /// <summary>Publishes everything; what was published before a stop is published again, with the same ids.</summary>
    /// <exception cref="GoogleCallException">NOT_FOUND: there is no such topic.</exception>
    public async Task PublishAsync(PreviousAudit stored, FindingChanges changes, CancellationToken cancellationToken)
    {
        foreach (var messages in FindingMessages.Of(stored, changes).Chunk(AtOnce))
        {
            await publisher.PublishAsync(requests.FindingsTopic, messages.Select(message => ((ReadOnlyMemory<byte>)message.Data, message.Attributes)), cancellationToken).ConfigureAwait(false);
        }
    }
}
