using System.Runtime.CompilerServices;
using BinAuthz.Attestations;
using BinAuthz.Auditing;
using BinAuthz.Auditing.Scanning;
using BinAuthz.Checkup;
using BinAuthz.GoogleCloud;
using BinAuthz.Images;
using Grpc.Core;

namespace BinAuthz.Tests.Auditing.Scanning;

/// <summary>A scan in parts finds what a scan in one finds.</summary>
public sealed class ShardTests
{
    private const int Limit = 5;
    private static readonly AttestorName Name = CleanFacts.Subject.Attestor;

    [Fact]
    public async Task Read_RandomAttestationsInAnyParts_TellWhatOneScanTells()
    {
        var random = new Random(5);
        for (var round = 0; round < 15; round++)
        {
            var all = Random(random, random.Next(1, 120));
            var (subjects, request) = (ScanFacts.Subjects(6), CleanFacts.Request);
            var snapshot = new ScanSnapshot(subjects, [new SnapshotAttestor(Name, ScanFacts.Keys, ScanFacts.Recorded(subjects, 1))]);
            var whole = snapshot.NewScan(snapshot.Attestors[0], Limit);
            whole.Add(all);

            var parts = await ReadAllAsync(snapshot, new Service(all, random.Next(3)), size: random.Next(1, 40));

            var sum = new ScanTally(6, Limit);
            foreach (var part in parts.OrderBy(_ => random.Next()))
            {
                var read = TallyJson.Read(TallyJson.Write(part.Tally), 6, Limit);
                Assert.Equal(Words(part.Tally), Words(read));
                sum.Add(read);
            }

            Assert.Equal(Words(whole.Tally), Words(sum));
            Assert.Equal(all.Count, sum.Total);
        }
    }

    [Fact]
    public async Task Read_MoreThanOneShardShouldHave_IsCutInHalvesThatMissNothing()
    {
        var shard = AuditShard.Whole(Name, CleanFacts.Now);
        var (all, snapshot) = (Random(new Random(1), 20), Snapshot());

        var cut = Assert.IsType<ShardOutcome.TooLarge>(await ReadAsync(snapshot, new Service(all, 0), shard, 19));
        var read = Assert.IsType<ShardOutcome.Read>(await ReadAsync(snapshot, new Service(all, 0), shard, 20));

        Assert.Equal(20, read.Tally.Total);
        Assert.Equal(2, cut.Halves.Count);
        Assert.Equal((shard.From, cut.Halves[0].To, shard.To), (cut.Halves[0].From, cut.Halves[1].From, cut.Halves[1].To));
        Assert.NotEqual(cut.Halves[0].Id, cut.Halves[1].Id);
    }

    [Fact]
    public async Task Read_AllMadeInTheSameSecond_IsReadWhole()
    {
        var moment = new AuditShard(Name, CleanFacts.Now, CleanFacts.Now + TimeSpan.FromSeconds(1));
        Attestation[] all = [.. Enumerable.Range(0, 30).Select(_ => ScanFacts.Attest(0, 1) with { CreateTime = CleanFacts.Now })];

        Assert.Empty(moment.Cut());
        Assert.Equal(2, (moment with { To = moment.From + TimeSpan.FromSeconds(2) }).Cut().Count);
        Assert.Equal(30, Assert.IsType<ShardOutcome.Read>(await ReadAsync(Snapshot(), new Service(all, 0), moment, 2)).Tally.Total);
    }

    [Theory]
    [InlineData(StatusCode.InvalidArgument)]
    [InlineData(StatusCode.Unimplemented)]
    public async Task Read_FilterIsRefused_ReadsAllAndTakesItsOwn(StatusCode status)
    {
        var all = Random(new Random(2), 40);
        var shard = AuditShard.Whole(Name, CleanFacts.Now);

        var read = Assert.IsType<ShardOutcome.Read>(await ReadAsync(Snapshot(), new Service(all, 0) { Refuses = status }, shard, 10));
        var half = Assert.IsType<ShardOutcome.Read>(await ReadAsync(Snapshot(), new Service(all, 0) { Refuses = status }, shard.Cut()[0], 10));

        Assert.Equal(40, read.Tally.Total);
        Assert.Equal(all.Count(shard.Cut()[0].Contains), half.Tally.Total);
    }

    [Fact]
    public async Task Read_OtherErrors_AreThrown() =>
        await Assert.ThrowsAsync<GoogleCallException>(() => ReadAsync(Snapshot(), new Service([], 0) { Refuses = StatusCode.PermissionDenied }, AuditShard.Whole(Name, CleanFacts.Now), 10));

    [Fact]
    public void Contains_EndsOfAShard_BelongToOneEach()
    {
        var shard = new AuditShard(Name, CleanFacts.Now, CleanFacts.Now + TimeSpan.FromSeconds(10));
        var attestation = ScanFacts.Attest(0, 1);

        Assert.True(shard.Contains(attestation with { CreateTime = shard.From }));
        Assert.False(shard.Contains(attestation with { CreateTime = shard.To }));
        Assert.False(shard.Contains(attestation with { CreateTime = shard.From - TimeSpan.FromTicks(1) }));
        Assert.True(shard.Contains(attestation with { CreateTime = shard.To - TimeSpan.FromTicks(1) }));
        Assert.False(shard.Contains(attestation with { CreateTime = null }));
        Assert.True(AuditShard.Whole(Name, shard.To).Contains(attestation with { CreateTime = null }));
        Assert.Equal("createTime>=\"2026-11-01T06:00:00.000Z\" AND createTime<\"2026-11-01T06:00:10.000Z\"", shard.Filter);
    }

    [Fact]
    public void Find_Folder_TellsWhetherEveryPartIsThere()
    {
        var request = CleanFacts.Request;
        var whole = AuditShard.Whole(Name, request.Time);
        var (left, right) = (whole.Cut()[0], whole.Cut()[1]);
        string[] names = [ShardFolder.Mark(request, whole), ShardFolder.Result(request, left), ShardFolder.Mark(request, right), ShardFolder.Result(request, right.Cut()[0]), ShardFolder.Result(request, right.Cut()[1])];

        Assert.Equal([left, right.Cut()[0], right.Cut()[1]], new ShardFolder(names.ToHashSet()).Find(request, whole));
        Assert.All(names, missing => Assert.Null(new ShardFolder(names.Where(name => name != missing).ToHashSet()).Find(request, whole)));
        Assert.Equal([whole], new ShardFolder(new HashSet<string> { ShardFolder.Result(request, whole) }).Find(request, whole));
        Assert.StartsWith("audits/production/20261101T060000Z/shards/production-attestor/2016", names[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Snapshot_WrittenAndRead_IsTheSame()
    {
        var refused = new Obstacle("no", "grant", IsTransient: true);
        var subjects = new ScannedSubjects(
            ScanSubjects.Gather([[ScanFacts.Listed(0, 1, 2), ScanFacts.Listed(3) with { Uploaded = null }]], [ScanFacts.Running((4, "gke.gcr.io/x"), (5, "y.example/z"))], [ImagePattern.Parse("gke.gcr.io/**")]), [refused])
        { ExemptionsUnknown = refused };
        var keys = new AuditKeys(ScanFacts.Attestor with { Keys = [ScanFacts.Trusted(1), new BinAuthz.Keys.AttestorKey("pgp", null, null, "a comment")] }, ScanFacts.Records);
        var snapshot = new ScanSnapshot(subjects,
        [
            new SnapshotAttestor(Name, keys, ScanFacts.Recorded(subjects, 1) with { Decisions = refused, KeyRecords = refused }),
            new SnapshotAttestor(AttestorName.Parse("projects/p/attestors/gone"), null, new ScannedRecords([])) { Why = refused },
        ]);

        var json = SnapshotJson.Write(snapshot);
        var read = SnapshotJson.Read(json);

        Assert.Equal(json, SnapshotJson.Write(read));
        Assert.Equal(snapshot.Images.Obstacles, read.Images.Obstacles);
        Assert.Equal(refused, read.Images.ExemptionsUnknown);
        Assert.Equal(keys.Attestor.Keys, read.Attestors[0].Keys!.Attestor.Keys);
        Assert.Equal(keys.Records, read.Attestors[0].Keys!.Records);
        Assert.Equal(snapshot.Attestors[0].Records.Marks, read.Attestors[0].Records.Marks);
        Assert.Equal((refused, refused), (read.Attestors[0].Records.Decisions, read.Attestors[0].Records.KeyRecords));
        Assert.Equal((null, refused), (read.Attestors[1].Keys, read.Attestors[1].Why));
        Assert.Equal(
            snapshot.Images.Known.Images.Select(image => (image.Digest, image.Name, image.Uploaded, image.IsStored, image.IsRunning, image.IsExempt, string.Join(' ', image.Platforms.Order()))),
            read.Images.Known.Images.Select(image => (image.Digest, image.Name, image.Uploaded, image.IsStored, image.IsRunning, image.IsExempt, string.Join(' ', image.Platforms.Order()))));
    }

    [Fact]
    public void TryReadObstacle_Result_TellsWhichItIs()
    {
        var why = new Obstacle("no", "grant", IsTransient: false);

        Assert.Equal(why, SnapshotJson.TryReadObstacle(SnapshotJson.Write(why)));
        Assert.Null(SnapshotJson.TryReadObstacle(TallyJson.Write(new ScanTally(1, 1))));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"total":1,"valid":1,"attested":{"7":1},"duplicated":{},"rules":{}}""")]
    [InlineData("""{"total":1,"valid":1,"attested":{"x":1},"duplicated":{},"rules":{}}""")]
    [InlineData("""{"total":1,"valid":1,"attested":{},"duplicated":{},"rules":{"BA999":{"count":1,"findings":[]}}}""")]
    [InlineData("""{"total":1,"valid":1,"attested":{},"duplicated":{},"rules":{"BA101":{"count":1,"findings":[{"severity":"?","resource":"r","detail":"d","remedy":"m","image":null,"since":null,"evidence":[]}]}}}""")]
    public void Read_AnythingElse_IsRefused(string json)
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(json);

        Assert.Throws<FormatException>(() => TallyJson.Read(bytes, 7, 1));
        Assert.Throws<FormatException>(() => SnapshotJson.Read(bytes));
    }

    private static ScanSnapshot Snapshot()
    {
        var subjects = ScanFacts.Subjects(2);
        return new ScanSnapshot(subjects, [new SnapshotAttestor(Name, ScanFacts.Keys, ScanFacts.Recorded(subjects, 1))]);
    }

    private static async Task<List<ShardOutcome.Read>> ReadAllAsync(ScanSnapshot snapshot, Service service, int size)
    {
        var waiting = new Queue<AuditShard>([AuditShard.Whole(Name, CleanFacts.Now)]);
        var read = new List<ShardOutcome.Read>();
        while (waiting.TryDequeue(out var shard))
        {
            var outcome = await ReadAsync(snapshot, service, shard, size);
            (outcome as ShardOutcome.TooLarge)?.Halves.ToList().ForEach(waiting.Enqueue);
            read.AddRange(outcome is ShardOutcome.Read done ? [done] : []);
        }

        return read;
    }

    private static Task<ShardOutcome> ReadAsync(ScanSnapshot snapshot, Service service, AuditShard shard, int size) =>
        new ShardReader(service.ListAsync).ReadAsync(shard, () => snapshot.NewScan(snapshot.Attestors[0], Limit), size, TestContext.Current.CancellationToken);

    private static List<Attestation> Random(Random random, int count) =>
    [
        .. Enumerable.Range(0, count).Select(_ => ScanFacts.Attest(random.Next(8), random.Next(1, 6)) with { CreateTime = CleanFacts.Now - TimeSpan.FromSeconds(random.Next(1, random.Next(2, 300_000_000))) }),
    ];

    private static string Words(ScanTally tally) =>
        $"{tally.Valid} of {tally.Total}; {string.Join(' ', tally.Attested)}; {string.Join(' ', tally.Duplicated)}; "
        + string.Join('\n', tally.Rules.OrderBy(rule => rule.Key, StringComparer.Ordinal).Select(rule => $"{rule.Key} {rule.Value.Count} {string.Join(',', rule.Value.Named.Select(finding => $"{finding with { Evidence = [] }} {finding.Since:O} {string.Join(' ', finding.Evidence)}"))}"));

    /// <summary>Container Analysis with these attestations; it may let more through than a filter says, or refuse it.</summary>
    private sealed class Service(IReadOnlyList<Attestation> all, int slack)
    {
        public StatusCode? Refuses { get; init; }

        public async IAsyncEnumerable<IReadOnlyList<Attestation>> ListAsync(string filter, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await Task.Yield();
            cancellationToken.ThrowIfCancellationRequested();
            if (filter.Length > 0 && Refuses is { } status)
            {
                throw new GoogleCallException("ListNoteOccurrences", "a note", status, "no");
            }

            var times = filter.Length == 0 ? [] : filter.Split('"').Where((_, part) => part % 2 == 1).Select(Rfc3339.Read).ToArray();
            foreach (var page in all.Where(each => times.Length == 0 || (each.CreateTime >= times[0] - TimeSpan.FromDays(slack) && each.CreateTime < times[1] + TimeSpan.FromDays(slack))).Chunk(7))
            {
                yield return page;
            }
        }
    }
}
