using System.Collections.Concurrent;
using BinAuthz.GoogleCloud;
using Microsoft.Extensions.Logging;

namespace BinAuthz.Alerting;

/// <summary>
/// Tells one message to all whom it may concern, each once. What was told is written down at once, so that a run that was
/// stopped goes on where it was, and repeats at most the one sending that it could not write down.
/// </summary>
internal sealed partial class AlertTeller(AlertLedger ledger, AlertDispatcher dispatcher, AlertBurst burst, AlertPolicy policy, ILogger<AlertTeller> logger, TimeProvider time)
{
    /// <summary>Written beside a message when nothing is left to be done.</summary>
    public const string Done = "done";

    private const string Topic = "topic";
    private const string Slot = "slot";

    /// <summary>Tells a message of a window.</summary>
    /// <param name="message">The name that it has in the ledger.</param>
    /// <param name="alert">The message.</param>
    /// <param name="window">The window, for the digest when there are too many.</param>
    /// <param name="told">Who knows it already.</param>
    /// <param name="failing">Channels that are left alone for now; those that fail are added. Null: none.</param>
    /// <param name="cancellationToken">Stops between two calls.</param>
    /// <returns>Whether everybody was told.</returns>
    /// <exception cref="GoogleCallException">The topic or the bucket did not answer; the same can be called again.</exception>
    public async Task<bool> TellAsync(string message, Alert alert, AlertWindow? window, IReadOnlySet<string> told, ConcurrentDictionary<string, bool>? failing, CancellationToken cancellationToken)
    {
        // 1. The topic: programs get everything, whatever becomes of the channels.
        if (!told.Contains(Topic))
        {
            await dispatcher.PublishAsync(alert, cancellationToken).ConfigureAwait(false);
            await ledger.TellAsync(message, Topic, cancellationToken).ConfigureAwait(false);
        }

        // 2. A place among those that channels get by themselves; without one it goes into a digest.
        string[] channels = [.. policy.ChannelsFor(alert).Where(channel => !told.Contains(Whom(channel)))];
        if (channels.Length > 0 && window is not null && !told.Contains(Slot))
        {
            if (await burst.TakeAsync(alert, time.GetUtcNow(), cancellationToken).ConfigureAwait(false))
            {
                await ledger.TellAsync(message, Slot, cancellationToken).ConfigureAwait(false);
            }
            else
            {
                await JoinDigestAsync(alert, window, cancellationToken).ConfigureAwait(false);
                channels = [];
            }
        }

        // 3. The channels, side by side.
        var taken = await Task.WhenAll(channels.Select(channel => SendAsync(message, channel, alert, failing, cancellationToken))).ConfigureAwait(false);
        if (!Array.TrueForAll(taken, each => each))
        {
            return false;
        }

        await ledger.TellAsync(message, Done, cancellationToken).ConfigureAwait(false);
        return true;
    }

    /// <summary>Does not try any longer to tell a message that a channel has not taken for a day.</summary>
    public Task GiveUpAsync(string message, Alert alert, CancellationToken cancellationToken)
    {
        Log.GivenUp(logger, alert.Id, alert.Title);
        return ledger.TellAsync(message, Done, cancellationToken);
    }

    // A digest that may have been sent in the meantime is no place to be.
    private async Task JoinDigestAsync(Alert alert, AlertWindow window, CancellationToken cancellationToken)
    {
        DateTimeOffset until;
        do
        {
            until = burst.EndOf(time.GetUtcNow());
            await ledger.JoinDigestAsync(until, AlertBurst.PoolOf(alert), window, cancellationToken).ConfigureAwait(false);
        }
        while (time.GetUtcNow() >= until);
    }

    private async Task<bool> SendAsync(string message, string channel, Alert alert, ConcurrentDictionary<string, bool>? failing, CancellationToken cancellationToken)
    {
        if (failing?.ContainsKey(channel) == true)
        {
            return false;
        }

        if (!await dispatcher.SendAsync(channel, alert, cancellationToken).ConfigureAwait(false))
        {
            failing?.TryAdd(channel, true);
            return false;
        }

        await ledger.TellAsync(message, Whom(channel), cancellationToken).ConfigureAwait(false);
        return true;
    }

    private static string Whom(string channel) => $"to-{Uri.EscapeDataString(channel)}";

    private static partial class Log
    {
        [LoggerMessage(204, LogLevel.Error, "AlertGivenUp: a channel has not taken alert {AlertId} for a day, and it is not tried again; the alerts topic has it: {Title}")]
        public static partial void GivenUp(ILogger logger, string alertId, string title);
    }
}
