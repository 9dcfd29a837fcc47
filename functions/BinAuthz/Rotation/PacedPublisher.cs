using BinAuthz.GoogleCloud;
using BinAuthz.Images;

namespace BinAuthz.Rotation;

/// <summary>
/// Asks the signer for images, batch by batch. The pace is kept here, where there is one of it: however many instances the
/// signer has, together they sign no faster than they are asked.
/// </summary>
internal sealed class PacedPublisher(PublisherClient publisher, BinAuthzOptions options, TimeProvider time)
{
    private static readonly IReadOnlyDictionary<string, string> NoAttributes = new Dictionary<string, string>();

    /// <summary>Publishes messages on the topic of an environment's signer, until all are out or the time is up.</summary>
    /// <param name="project">The attestors' project.</param>
    /// <param name="environment">Whose signer.</param>
    /// <param name="batches">The messages, and how many images each asks for.</param>
    /// <param name="until">When to stop.</param>
    /// <param name="cancellationToken">Stops between two messages.</param>
    /// <returns>How many images were asked for.</returns>
    /// <exception cref="GoogleCallException">NOT_FOUND: there is no such topic.</exception>
    public async Task<int> PublishAsync(string project, string environment, IEnumerable<(byte[] Message, int Count)> batches, DateTimeOffset until, CancellationToken cancellationToken)
    {
        var topic = EventTopics.Resign(project, environment);
        var began = time.GetUtcNow();
        var asked = 0;
        foreach (var (message, count) in batches)
        {
            var due = began + TimeSpan.FromMinutes((double)asked / options.Rotation.ImagesPerMinute);
            if (due > until)
            {
                break;
            }

            if (due - time.GetUtcNow() is var early && early > TimeSpan.Zero)
            {
                await Task.Delay(early, time, cancellationToken).ConfigureAwait(false);
            }

            await publisher.PublishAsync(topic, message, NoAttributes, cancellationToken).ConfigureAwait(false);
            asked += count;
        }

        return asked;
    }

    /// <summary>Cuts images into messages.</summary>
    public IEnumerable<(byte[] Message, int Count)> Batches(IReadOnlyList<ImageReference> images, Func<ImageReference[], byte[]> message) =>
        images.Chunk(options.Rotation.BatchSize).Select(batch => (message(batch), batch.Length));
}
