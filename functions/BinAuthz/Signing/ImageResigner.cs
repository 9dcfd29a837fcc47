using BinAuthz.GoogleCloud;
using Microsoft.Extensions.Logging;

namespace BinAuthz.Signing;

/// <summary>
/// Signs images anew that a version of the attestor's key has attested before: the old attestation is verified first,
/// approval is not weighed again. Running it twice, at once or after another, or stopping it between any two calls, leaves
/// nothing that the next delivery does not finish.
/// </summary>
internal sealed partial class ImageResigner(IReadOnlyList<AttestorResigner> attestors, DecisionJournal journal, ILogger<ImageResigner> logger, TimeProvider time)
{
    // The waits are about a minute together: quotas are counted by the minute. An event-driven function has 540 s (docs: functions/configuring/timeout).
    private const int Rounds = 12;
    private static readonly TimeSpan LongestDelivery = TimeSpan.FromMinutes(4);
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);

    /// <summary>Signs anew what lacks an attestation by the version that signs now.</summary>
    /// <param name="request">What the rotation asks for.</param>
    /// <param name="messageId">The message that asked; null: a person.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>One outcome for each digest; none for an attestor of which the approval policy says nothing.</returns>
    /// <exception cref="GoogleCallException">A call was refused, or not answered in many rounds; what was done by then is told.</exception>
    /// <exception cref="SigningException">No version may sign, or the service refuses every place for an attestation.</exception>
    /// <exception cref="NotYetException">An older version signs still, or the attestations change under its hands.</exception>
    public async Task<IReadOnlyList<SigningOutcome>> ResignAsync(ResignRequest request, string? messageId, CancellationToken cancellationToken)
    {
        if (attestors.FirstOrDefault(each => each.Name == request.Attestor) is not { } attestor)
        {
            Log.NotOurs(logger, messageId ?? "-", request.Attestor.ToString());
            return [];
        }

        ResignItem[] items = [.. request.Images.DistinctBy(image => image.Digest).Select(image => new ResignItem(image))];
        var failures = await GoRoundAsync(attestor, request, items, cancellationToken).ConfigureAwait(false);
        SigningOutcome[] outcomes = [.. items.Select(item => item.Outcome).OfType<SigningOutcome>()];
        await Task.WhenAll(outcomes.Select(outcome => journal.RecordAsync(outcome, messageId, cancellationToken))).ConfigureAwait(false);
        failures.ThrowIfAny();
        return outcomes.Length == items.Length
            ? outcomes
            : throw new NotYetException($"After several rounds {items.Length - outcomes.Length} images are not signed anew for {request.Attestor}, because it or their attestations kept changing.");
    }

    private async Task<SigningFailures> GoRoundAsync(AttestorResigner attestor, ResignRequest request, ResignItem[] items, CancellationToken cancellationToken)
    {
        var (wait, until) = (ShortestWait, time.GetUtcNow() + LongestDelivery);
        for (var round = 1; ; round++)
        {
            var failures = new SigningFailures();
            ResignItem[] open = [.. items.Where(item => item.Outcome is null)];
            await failures.CollectAsync(() => attestor.RoundAsync(request.Key, open, failures, cancellationToken)).ConfigureAwait(false);
            var left = open.Count(item => item.Outcome is null);
            if (left == 0 || !failures.MayPassSoon || round == Rounds || time.GetUtcNow() >= until)
            {
                return failures;
            }

            Log.GoesRound(logger, left, request.Attestor.ToString(), failures.Count, wait);
            await Task.Delay(wait, time, cancellationToken).ConfigureAwait(false);
            wait = wait * 2 < LongestWait ? wait * 2 : LongestWait;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(105, LogLevel.Warning, "Message {MessageId} asks to sign anew for {Attestor}, of which the approval policy says nothing: ignored")]
        public static partial void NotOurs(ILogger logger, string messageId, string attestor);

        [LoggerMessage(106, LogLevel.Information, "{Left} images are still to be signed anew for {Attestor} ({Failed} calls failed); the next round begins in {Wait}")]
        public static partial void GoesRound(ILogger logger, int left, string attestor, int failed, TimeSpan wait);
    }
}
