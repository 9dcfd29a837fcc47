using BinAuthz.GoogleCloud;
using BinAuthz.Images;
using BinAuthz.Signing;

namespace BinAuthz.Rotation;

/// <summary>
/// Asks the signer for images, batch by batch. The pace is kept here, where there is one of it: however many instances the
/// signer has, together they sign no faster than they are asked.
/// </summary>
internal sealed class ResignPublisher(PublisherClient publisher, BinAuthzOptions options, TimeProvider time)
{
    private static readonly IReadOnlyDictionary<string, string> NoAttributes = new Dictionary<string, string>();

    /// <summary>Publishes what a step asks for, until it is done or the time is up.</summary>
    /// <param name="subject">Whose signer.</param>
    /// <param name="step">Which images.</param>
    /// <param name="until">When to stop: what was not asked for is asked for by the next run.</param>
    /// <param name="cancellationToken">Stops between two messages.</param>
    /// <returns>How many images were asked for.</returns>
    /// <exception cref="GoogleCallException">NOT_FOUND: there is no such topic.</exception>
    public Task<int> PublishAsync(SigningIdentity subject, RotationStep.Resign step, DateTimeOffset until, CancellationToken cancellationToken) =>
        // What is blocked comes before what still runs.
        PublishAsync(
            subject,
            Batches(step.Reconsidered, images => new WeighRequest(images).ToJson()).Concat(Batches(step.Images, images => new ResignRequest(subject.Attestor, step.Version, images).ToJson())),
            until,
            cancellationToken);

    /// <summary>The same for what is to be deleted.</summary>
    public Task<int> PublishAsync(SigningIdentity subject, RotationStep.Withdraw step, DateTimeOffset until, CancellationToken cancellationToken) =>
        PublishAsync(subject, Batches(step.Images, images => new WithdrawRequest(subject.Attestor, step.Version, images).ToJson()), until, cancellationToken);

    private async Task<int> PublishAsync(SigningIdentity subject, IEnumerable<(byte[] Message, int Count)> batches, DateTimeOffset until, CancellationToken cancellationToken)
    {
        var topic = EventTopics.Resign(subject.Attestor.Project, subject.Environment);
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

    private IEnumerable<(byte[] Message, int Count)> Batches(IReadOnlyList<ImageReference> images, Func<ImageReference[], byte[]> message) =>
        images.Chunk(options.Rotation.BatchSize).Select(batch => (message(batch), batch.Length));
}
