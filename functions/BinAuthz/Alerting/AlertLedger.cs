using System.Globalization;
using BinAuthz.GoogleCloud;

namespace BinAuthz.Alerting;

/// <summary>
/// What was seen and told, as objects below <c>alerts/</c> in the evidence bucket. Each is made if absent and never changed
/// or deleted, so that any number of instances may write at once and a repeated delivery writes nothing new; what is
/// older than 30 days may be deleted by a lifecycle rule of the bucket.
/// <code>
/// alerts/windows/SUBJECT/CAUSE/NUMBER             the claim: who opened the window, when it closes, the first alert
/// alerts/counts/SUBJECT/CAUSE/NUMBER/TIME-HASH    one more log entry
/// alerts/told/MESSAGE/WHOM                        who took a message: topic, to-CHANNEL; slot: the channels get it by itself; done
/// alerts/leases/WHAT/MINUTE                       who works on something, for a minute
/// alerts/open/TIME/window/SUBJECT/CAUSE/NUMBER    a window to be closed then; alerts/open/TIME/digest/POOL a digest to be sent then
/// alerts/closed/...                               that this is done
/// alerts/slots/TIME/POOL/STAGE/NUMBER             the places of messages that channels get by themselves
/// alerts/digests/TIME/POOL/SUBJECT/CAUSE/NUMBER   what a digest stands for
/// </code>
/// </summary>
internal sealed class AlertLedger(StorageClient storage, EvidenceBucket bucket)
{
    private const string Root = "alerts/";

    /// <summary>The names of all windows of a subject.</summary>
    public async Task<IReadOnlyList<AlertWindow>> WindowsAsync(string subject, CancellationToken cancellationToken) =>
        [.. (await NamesAsync($"windows/{subject}/", cancellationToken).ConfigureAwait(false)).Select(name => AlertWindow.TryParse($"{subject}/{name}", out var window) ? window : null).OfType<AlertWindow>()];

    /// <summary>The claim of a window; null: nobody has opened it.</summary>
    public async Task<AlertClaim?> FindAsync(AlertWindow window, CancellationToken cancellationToken)
    {
        try
        {
            return AlertClaim.Read(window, await storage.ReadAsync(bucket.Name, $"{Root}windows/{window}", cancellationToken).ConfigureAwait(false));
        }
        catch (GoogleCallException error) when (error.Status == Grpc.Core.StatusCode.NotFound)
        {
            return null;
        }
    }

    /// <summary>Opens a window.</summary>
    /// <returns>False: somebody was faster, perhaps this very entry in a delivery whose answer was lost.</returns>
    public async Task<bool> OpenAsync(AlertClaim claim, CancellationToken cancellationToken)
    {
        // First where the sweep looks: a window that it does not know would never be closed. One too many does no harm.
        await MakeAsync(OpenWork.Of(claim.Opening.Until, claim.Window).Name, cancellationToken).ConfigureAwait(false);
        return await storage.CreateAsync(bucket.Name, $"{Root}windows/{claim.Window}", claim.Write(), "application/json", cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Counts an entry once, however often it is delivered.</summary>
    public Task CountAsync(AlertWindow window, LoggedAt entry, CancellationToken cancellationToken) => MakeAsync($"counts/{window}/{entry}", cancellationToken);

    /// <summary>The entries that were counted, besides the one that opened the window.</summary>
    public async Task<AlertCount> CountedAsync(AlertWindow window, CancellationToken cancellationToken)
    {
        var names = await NamesAsync($"counts/{window}/", cancellationToken).ConfigureAwait(false);
        return names.Count == 0 ? AlertCount.None : new AlertCount(names.Count, LoggedAt.Parse(names[0]).Time, LoggedAt.Parse(names[^1]).Time);
    }

    /// <summary>Whom a message was told; of a window, of each of its messages, as <c>MESSAGE/WHOM</c>.</summary>
    public async Task<IReadOnlySet<string>> ToldAsync(string message, CancellationToken cancellationToken) =>
        (await NamesAsync($"told/{message}/", cancellationToken).ConfigureAwait(false)).ToHashSet();

    /// <summary>Writes down that somebody was told.</summary>
    public Task TellAsync(string message, string whom, CancellationToken cancellationToken) => MakeAsync($"told/{message}/{whom}", cancellationToken);

    /// <summary>Takes on some work for the minute that <paramref name="now"/> is in.</summary>
    /// <returns>False: somebody else has.</returns>
    public Task<bool> LeaseAsync(string work, DateTimeOffset now, CancellationToken cancellationToken) =>
        MakeAsync(string.Create(CultureInfo.InvariantCulture, $"leases/{work}/{now.ToUnixTimeSeconds() / (long)AlertOpening.Lease.TotalSeconds}"), cancellationToken);

    /// <summary>Writes down that something has to be done later.</summary>
    public Task RememberAsync(OpenWork work, CancellationToken cancellationToken) => MakeAsync(work.Name, cancellationToken);

    /// <summary>Writes down that it is done.</summary>
    public Task CloseAsync(OpenWork work, CancellationToken cancellationToken) => MakeAsync(work.ClosedName, cancellationToken);

    /// <summary>What is still to be done, the earliest first, and no earlier than <paramref name="from"/>.</summary>
    public async Task<IReadOnlyList<OpenWork>> OpenAsync(DateTimeOffset from, CancellationToken cancellationToken)
    {
        var (open, closed) = (NamesAsync(OpenWork.Folder, LoggedAt.Sortable(from), cancellationToken), NamesAsync(OpenWork.ClosedFolder, LoggedAt.Sortable(from), cancellationToken));
        await Task.WhenAll(open, closed).ConfigureAwait(false);
        var done = (await closed.ConfigureAwait(false)).ToHashSet();
        return [.. (await open.ConfigureAwait(false)).Where(name => !done.Contains(name)).Select(name => OpenWork.TryParse(name, out var work) ? work : null).OfType<OpenWork>()];
    }

    /// <summary>Takes a place among those that channels get by themselves.</summary>
    /// <returns>False: it is taken.</returns>
    public Task<bool> TakeSlotAsync(DateTimeOffset until, string pool, AlertStage stage, int number, CancellationToken cancellationToken) =>
        MakeAsync(string.Create(CultureInfo.InvariantCulture, $"slots/{LoggedAt.Sortable(until)}/{pool}/{AlertNames.Of(stage)}/{number:D6}"), cancellationToken);

    /// <summary>Leaves telling the channels of a window to a digest.</summary>
    public async Task JoinDigestAsync(DateTimeOffset until, string pool, AlertWindow window, CancellationToken cancellationToken)
    {
        await RememberAsync(OpenWork.Digest(until, pool), cancellationToken).ConfigureAwait(false);
        await MakeAsync($"digests/{LoggedAt.Sortable(until)}/{pool}/{window}", cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The windows that a digest stands for.</summary>
    public async Task<IReadOnlyList<AlertWindow>> DigestedAsync(DateTimeOffset until, string pool, CancellationToken cancellationToken) =>
        [.. (await NamesAsync($"digests/{LoggedAt.Sortable(until)}/{pool}/", cancellationToken).ConfigureAwait(false)).Select(name => AlertWindow.TryParse(name, out var window) ? window : null).OfType<AlertWindow>()];

    private Task<bool> MakeAsync(string name, CancellationToken cancellationToken) =>
        storage.CreateAsync(bucket.Name, Root + name, ReadOnlyMemory<byte>.Empty, "text/plain", cancellationToken);

    private Task<IReadOnlyList<string>> NamesAsync(string folder, CancellationToken cancellationToken) => NamesAsync(folder, "", cancellationToken);

    private async Task<IReadOnlyList<string>> NamesAsync(string folder, string start, CancellationToken cancellationToken)
    {
        var prefix = Root + folder;
        var names = await storage.ListAsync(bucket.Name, prefix, prefix + start, cancellationToken).ConfigureAwait(false);
        return [.. names.Select(name => name[prefix.Length..])];
    }
}
