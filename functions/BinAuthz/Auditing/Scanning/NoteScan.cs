using System.Threading.Channels;
using BinAuthz.Attestations;

namespace BinAuthz.Auditing.Scanning;

/// <summary>Verifies pages of attestations on all cores and counts what they are, while the next pages are read.</summary>
/// <param name="keys">The attestor's.</param>
/// <param name="subjects">The images that are looked for.</param>
/// <param name="records">What the evidence bucket knows of them.</param>
/// <param name="limit">How many findings of a rule are named at most.</param>
internal sealed class NoteScan(AuditKeys keys, ScannedSubjects subjects, ScannedRecords records, int limit)
{
    private readonly AttestationInspector inspector = new(keys);
    private readonly Lock gate = new();

    /// <summary>What was found in the pages so far.</summary>
    public ScanTally Tally { get; } = new(subjects.Known.Images.Count, limit);

    /// <summary>Takes all pages.</summary>
    /// <exception cref="GoogleCloud.GoogleCallException">They could not be read to their end.</exception>
    public async Task ReadAsync(IAsyncEnumerable<IReadOnlyList<Attestation>> pages, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        // As many pages as there are cores wait at most, so that memory does not grow when reading is faster than verifying.
        var waiting = Channel.CreateBounded<IReadOnlyList<Attestation>>(new BoundedChannelOptions(Environment.ProcessorCount) { SingleWriter = true });
        Task[] workers = [.. Enumerable.Range(0, Environment.ProcessorCount).Select(_ => Task.Run(() => WorkAsync(waiting.Reader, stop.Token), CancellationToken.None))];
        try
        {
            await foreach (var page in pages.WithCancellation(cancellationToken).ConfigureAwait(false))
            {
                await waiting.Writer.WriteAsync(page, cancellationToken).ConfigureAwait(false);
            }
        }
        catch
        {
            await stop.CancelAsync().ConfigureAwait(false);
            throw;
        }
        finally
        {
            waiting.Writer.Complete();
            await Task.WhenAll(workers).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await Task.WhenAll(workers).ConfigureAwait(false);
    }

    /// <summary>Takes one page.</summary>
    public void Add(IReadOnlyList<Attestation> page)
    {
        var inspected = new (InspectedAttestation Attestation, int Place, ulong Marks)[page.Count];
        for (var index = 0; index < inspected.Length; index++)
        {
            inspected[index] = Inspect(page[index]);
        }

        lock (gate)
        {
            foreach (var (attestation, place, marks) in inspected)
            {
                Tally.Add(attestation, place, marks);
            }
        }
    }

    private async Task WorkAsync(ChannelReader<IReadOnlyList<Attestation>> pages, CancellationToken stop)
    {
        await foreach (var page in pages.ReadAllAsync(stop).ConfigureAwait(false))
        {
            Add(page);
        }
    }

    private (InspectedAttestation Attestation, int Place, ulong Marks) Inspect(Attestation attestation)
    {
        var inspected = inspector.Inspect(attestation);
        var place = inspected.Digest is { } digest ? subjects.Known.Find(digest) : -1;
        var marks = inspected.Signers.Aggregate(0UL, (bits, id) => bits | keys.Mark(id));
        return (inspected with { HasImage = HasImage(inspected, place), Unrecorded = Unrecorded(inspected, place) }, place, marks);
    }

    private bool? HasImage(InspectedAttestation inspected, int place) =>
        inspected.Digest is null ? null
        : place >= 0 ? true
        : subjects.IsComplete ? false : null;

    private IReadOnlyList<string>? Unrecorded(InspectedAttestation inspected, int place) =>
        place < 0 || records.Decisions is not null ? null : [.. inspected.Signers.Where(id => (keys.Mark(id) & records.Marks[place] & ~AuditKeys.SharedMark) == 0)];
}
