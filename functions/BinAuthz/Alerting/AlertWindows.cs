using BinAuthz.Denials;

namespace BinAuthz.Alerting;

/// <summary>Decides of each log entry whether it is the first of its subject and cause or one more, and writes that down.</summary>
internal sealed class AlertWindows(AlertLedger ledger, AlertBurst burst, AlertPolicy policy, TimeProvider time)
{
    private const int Kept = 10_000;

    private readonly Recent<string, Known> windows = new(Kept);

    // Only one entry of this process at a time looks for a window that it does not know; the others then know it.
    private readonly SemaphoreSlim[] gates = [.. Enumerable.Range(0, 64).Select(_ => new SemaphoreSlim(1))];

    /// <summary>Enters an entry. The same entry may be entered again, by any process.</summary>
    /// <param name="subject">What it is about.</param>
    /// <param name="cause">Why it happened.</param>
    /// <param name="entry">The entry.</param>
    /// <param name="compose">Makes the first alert of a window.</param>
    /// <param name="cancellationToken">Stops between two calls.</param>
    /// <exception cref="GoogleCloud.GoogleCallException">The bucket did not answer.</exception>
    public async Task<AlertEntry> EnterAsync(AlertSubject subject, DiagnosisCause cause, LoggedAt entry, Func<AlertWindow, Alert> compose, CancellationToken cancellationToken)
    {
        var known = windows.GetOrAdd($"{subject.Id}/{cause}", _ => new Known());
        if (known.Latest is { } open && open.Takes(entry, time.GetUtcNow()) && open.Entry != entry && !open.MayComeTooLateFor(entry))
        {
            return await CountAsync(open, entry, cancellationToken).ConfigureAwait(false);
        }

        var gate = gates[(uint)StringComparer.Ordinal.GetHashCode(subject.Id) % gates.Length];
        await gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (known.Latest is not { } latest || !latest.Takes(entry, time.GetUtcNow()))
            {
                var (claim, isNew) = await FindOrOpenAsync(subject, cause, entry, compose, cancellationToken).ConfigureAwait(false);
                known.Latest = latest = claim.Opening;
                if (isNew)
                {
                    return new AlertEntry.First(claim, IsNew: true);
                }
            }

            return await EnterAsync(latest, entry, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            gate.Release();
        }
    }

    private async Task<(AlertClaim Claim, bool IsNew)> FindOrOpenAsync(AlertSubject subject, DiagnosisCause cause, LoggedAt entry, Func<AlertWindow, Alert> compose, CancellationToken cancellationToken)
    {
        var all = await ledger.WindowsAsync(subject.Id, cancellationToken).ConfigureAwait(false);
        var number = all.Where(window => window.Cause == cause).Select(window => window.Number).DefaultIfEmpty().Max();
        var now = time.GetUtcNow();
        if (number > 0 && await ledger.FindAsync(new AlertWindow(subject.Id, cause, number), cancellationToken).ConfigureAwait(false) is { } latest && latest.Opening.Takes(entry, now))
        {
            return (latest, false);
        }

        var window = new AlertWindow(subject.Id, cause, number + 1);
        var claim = new AlertClaim(new AlertOpening(window, entry, now, now + policy.Window), compose(window));
        if (await ledger.OpenAsync(claim, cancellationToken).ConfigureAwait(false))
        {
            return (claim, true);
        }

        var faster = await ledger.FindAsync(window, cancellationToken).ConfigureAwait(false);
        return (faster ?? throw new InvalidOperationException($"The window {window} was opened and is gone."), false);
    }

    private async Task<AlertEntry> EnterAsync(AlertOpening latest, LoggedAt entry, CancellationToken cancellationToken)
    {
        if (latest.Entry == entry && await ledger.FindAsync(latest.Window, cancellationToken).ConfigureAwait(false) is { } claim)
        {
            return new AlertEntry.First(claim, IsNew: false);
        }

        var before = latest.Window with { Number = latest.Window.Number - 1 };
        if (latest.MayComeTooLateFor(entry) && await ledger.FindAsync(before, cancellationToken).ConfigureAwait(false) is { } previous && entry.Time < previous.Opening.Until)
        {
            return previous.Opening.Entry == entry
                ? new AlertEntry.First(previous, IsNew: false)
                : await CountAsync(previous.Opening, entry, cancellationToken).ConfigureAwait(false);
        }

        return await CountAsync(latest, entry, cancellationToken).ConfigureAwait(false);
    }

    private async Task<AlertEntry> CountAsync(AlertOpening opening, LoggedAt entry, CancellationToken cancellationToken)
    {
        await ledger.CountAsync(opening.Window, entry, cancellationToken).ConfigureAwait(false);
        var now = time.GetUtcNow();
        if (now >= opening.Until)
        {
            // The summary may have been sent without it: another look is due.
            await ledger.RememberAsync(OpenWork.Of(burst.EndOf(now), opening.Window), cancellationToken).ConfigureAwait(false);
        }

        return new AlertEntry.Counted(opening);
    }

    private sealed class Known
    {
        private volatile AlertOpening? latest;

        public AlertOpening? Latest
        {
            get => latest;
            set => latest = value;
        }
    }
}
