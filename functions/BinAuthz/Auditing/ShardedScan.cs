using BinAuthz.Attestations;
using BinAuthz.Auditing.Facts;
using BinAuthz.Auditing.Scanning;
using BinAuthz.Checkup;
using BinAuthz.Checkup.Facts;
using BinAuthz.GoogleCloud;
using Grpc.Core;

namespace BinAuthz.Auditing;

/// <summary>
/// A scan in parts, for more attestations than one process can read in its time. <see cref="PlanAsync"/> once; <see cref="RunAsync"/> for each
/// part that it returned and for each that a run returned; after each run <see cref="MergeAsync"/>, until it gives what <see cref="AuditRequest.Parts"/>
/// takes. All of it may be repeated: what was found is kept in the evidence bucket, created once.
/// </summary>
internal sealed class ShardedScan(AttestorFactReader attestors, PolicyFactReader policies, ScanPreparation preparation, ContainerAnalysisClient analysis, StorageClient storage)
{
    private const string Json = "application/json";

    /// <summary>Reads and keeps what all parts go by.</summary>
    /// <returns>A part for each attestor that could be read, with all of its attestations.</returns>
    /// <exception cref="GoogleCallException">Something does not answer for now, or the bucket cannot be used.</exception>
    public async Task<IReadOnlyList<AuditShard>> PlanAsync(AuditRequest request, CancellationToken cancellationToken)
    {
        if (await FindSnapshotAsync(request, cancellationToken).ConfigureAwait(false) is not { } snapshot)
        {
            var made = await PrepareAsync(request, cancellationToken).ConfigureAwait(false);
            await storage.CreateAsync(request.Bucket, ShardFolder.Snapshot(request), SnapshotJson.Write(made), Json, cancellationToken).ConfigureAwait(false);
            // Another process may have been first, and then its snapshot counts.
            snapshot = await SnapshotAsync(request, cancellationToken).ConfigureAwait(false);
        }

        return Whole(request, snapshot);
    }

    /// <summary>Reads a part and keeps what it found.</summary>
    /// <returns>The parts to read instead, because it was too large; none: it is done.</returns>
    /// <exception cref="GoogleCallException">Something does not answer for now, or the bucket cannot be used.</exception>
    public async Task<IReadOnlyList<AuditShard>> RunAsync(AuditRequest request, AuditShard shard, CancellationToken cancellationToken)
    {
        var folder = await FolderAsync(request, cancellationToken).ConfigureAwait(false);
        if (folder.Names.Contains(ShardFolder.Result(request, shard)))
        {
            return [];
        }

        if (folder.Names.Contains(ShardFolder.Mark(request, shard)))
        {
            return shard.Cut();
        }

        var read = await ReadAsync(request, shard, cancellationToken).ConfigureAwait(false);
        if (read is Fact<ShardOutcome>.Known { Value: ShardOutcome.TooLarge cut })
        {
            await storage.CreateAsync(request.Bucket, ShardFolder.Mark(request, shard), "{}"u8.ToArray(), Json, cancellationToken).ConfigureAwait(false);
            return cut.Halves;
        }

        var content = read is Fact<ShardOutcome>.Known { Value: ShardOutcome.Read { Tally: var tally } } ? TallyJson.Write(tally) : SnapshotJson.Write(((Fact<ShardOutcome>.Unknown)read).Why);
        await storage.CreateAsync(request.Bucket, ShardFolder.Result(request, shard), content, Json, cancellationToken).ConfigureAwait(false);
        return [];
    }

    /// <summary>Adds up what the parts found, which is the same whatever the parts were.</summary>
    /// <returns>Null: a part is missing.</returns>
    /// <exception cref="GoogleCallException">The bucket cannot be read.</exception>
    /// <exception cref="FormatException">What is kept there is no part of an audit.</exception>
    public async Task<ScannedParts?> MergeAsync(AuditRequest request, CancellationToken cancellationToken)
    {
        var folder = await FolderAsync(request, cancellationToken).ConfigureAwait(false);
        var snapshot = await SnapshotAsync(request, cancellationToken).ConfigureAwait(false);
        var tallies = new Dictionary<AttestorName, Fact<ScanTally>>();
        foreach (var whole in Whole(request, snapshot))
        {
            if (folder.Find(request, whole) is not { } parts)
            {
                return null;
            }

            tallies[whole.Attestor] = await AddUpAsync(request, snapshot, parts, cancellationToken).ConfigureAwait(false);
        }

        return new ScannedParts(snapshot, tallies);
    }

    private static AuditShard[] Whole(AuditRequest request, ScanSnapshot snapshot) =>
        [.. snapshot.Attestors.Where(attestor => attestor.Keys is not null).Select(attestor => AuditShard.Whole(attestor.Name, request.Time))];

    private async Task<Fact<ShardOutcome>> ReadAsync(AuditRequest request, AuditShard shard, CancellationToken cancellationToken)
    {
        var snapshot = await SnapshotAsync(request, cancellationToken).ConfigureAwait(false);
        var attestor = snapshot.Of(shard.Attestor);
        using var reader = new FactReader(request.Project);
        var read = await reader.ReadAsync(Access.NoteOccurrences, stop => new ShardReader((filter, token) => analysis.ListAllAttestationsAsync(attestor.Keys!.Attestor.Note, filter, token))
            .ReadAsync(shard, () => snapshot.NewScan(attestor, request.Options.FindingsPerRule), request.Options.ShardSize, stop), cancellationToken).ConfigureAwait(false);
        AttestationAuditor.ThrowIfInterrupted(reader, request);
        return read;
    }

    private async Task<ScanSnapshot> PrepareAsync(AuditRequest request, CancellationToken cancellationToken)
    {
        using var reader = new FactReader(request.Project);
        var policyRead = policies.ReadAsync(reader, request, cancellationToken);
        var audited = await Task.WhenAll(request.Subjects.Select(subject => attestors.ReadAsync(reader, subject, AttestationAuditor.Unread, cancellationToken))).ConfigureAwait(false);
        var snapshot = await preparation.ReadAsync(reader, request, audited, (await policyRead.ConfigureAwait(false)).Policy, cancellationToken).ConfigureAwait(false);
        AttestationAuditor.ThrowIfInterrupted(reader, request);
        return snapshot;
    }

    private async Task<Fact<ScanTally>> AddUpAsync(AuditRequest request, ScanSnapshot snapshot, IReadOnlyList<AuditShard> parts, CancellationToken cancellationToken)
    {
        var (images, limit) = (snapshot.Images.Known.Images.Count, request.Options.FindingsPerRule);
        var sum = new ScanTally(images, limit);
        foreach (var part in parts)
        {
            var content = await storage.ReadAsync(request.Bucket, ShardFolder.Result(request, part), cancellationToken).ConfigureAwait(false);
            if (SnapshotJson.TryReadObstacle(content) is { } obstacle)
            {
                return new Fact<ScanTally>.Unknown(obstacle);
            }

            sum.Add(TallyJson.Read(content, images, limit));
        }

        return new Fact<ScanTally>.Known(sum);
    }

    private async Task<ShardFolder> FolderAsync(AuditRequest request, CancellationToken cancellationToken) =>
        new((await storage.ListAsync(request.Bucket, ShardFolder.Prefix(request), cancellationToken).ConfigureAwait(false)).ToHashSet(StringComparer.Ordinal));

    private async Task<ScanSnapshot> SnapshotAsync(AuditRequest request, CancellationToken cancellationToken) =>
        SnapshotJson.Read(await storage.ReadAsync(request.Bucket, ShardFolder.Snapshot(request), cancellationToken).ConfigureAwait(false));

    private async Task<ScanSnapshot?> FindSnapshotAsync(AuditRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return await SnapshotAsync(request, cancellationToken).ConfigureAwait(false);
        }
        catch (GoogleCallException error) when (error.Status == StatusCode.NotFound)
        {
            return null;
        }
    }
}
