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
    public Task ReadAsync(IAsyncEnumerable<IReadOnlyList<Attestation>> pages, CancellationToken cancellationToken)
    {
        // One more than there are cores, so that one reads while the others verify; memory does not grow when reading is faster.
        var limits = new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount + 1, CancellationToken = cancellationToken };
        return Parallel.ForEachAsync(pages, limits, (page, _) =>
        {
            Add(page);
            return ValueTask.CompletedTask;
        });
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
