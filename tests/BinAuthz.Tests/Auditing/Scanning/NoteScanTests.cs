using BinAuthz.Attestations;
using BinAuthz.Auditing;
using BinAuthz.Auditing.Facts;
using BinAuthz.Auditing.Scanning;
using BinAuthz.Checkup;
using BinAuthz.GoogleCloud;
using Grpc.Core;

namespace BinAuthz.Tests.Auditing.Scanning;

/// <summary>What becomes of all attestations of a note together.</summary>
public sealed class NoteScanTests
{
    private static readonly Obstacle Refused = new("PERMISSION_DENIED: no", "Grant it.", IsTransient: false);

    [Fact]
    public async Task Read_ValidAttestations_CountsThemAndFindsNothing()
    {
        var tally = await ScanAsync(3, [ScanFacts.Attest(0, 1), ScanFacts.Attest(1, 1), ScanFacts.Attest(2, 1)]);

        Assert.Equal((3, 3), (tally.Total, tally.Valid));
        Assert.All(tally.Findings.Values, found => Assert.Equal(0, Assert.IsType<RuleAssessment.Assessed>(found).Count));
    }

    [Fact]
    public async Task Read_AnyOrderAndAnyPages_TellTheSame()
    {
        var random = new Random(11);
        Attestation[] all =
        [
            .. Enumerable.Range(0, 40).Select(number => ScanFacts.Attest(number, 1 + (number % 5))),
            .. Enumerable.Range(0, 20).Select(number => ScanFacts.Attest(number % 7, 1, 2)),
            .. Enumerable.Range(0, 5).Select(_ => ScanFacts.Store("garbage", [1])),
        ];
        var expected = Words(await ScanAsync(10, all, recorded: [2]));
        for (var round = 0; round < 10; round++)
        {
            random.Shuffle(all);

            Assert.Equal(expected, Words(await ScanAsync(10, all, pageSize: random.Next(1, 20), recorded: [2])));
        }
    }

    [Fact]
    public async Task Read_MoreFindingsThanANamed_NamesTheFirstByResourceAndCountsAll()
    {
        Attestation[] all = [.. Enumerable.Range(0, 50).Select(number => ScanFacts.Attest(number, 5))];

        var found = Assert.IsType<RuleAssessment.Assessed>((await ScanAsync(50, all, limit: 4)).Findings["BA102"]);

        Assert.Equal(50, found.Count);
        Assert.Equal(all.Select(attestation => attestation.Name).Order(StringComparer.Ordinal).Take(4), found.Findings.Select(finding => finding.Resource));
    }

    [Fact]
    public async Task Read_NoFindingIsToBeNamed_CountsAll()
    {
        var found = Assert.IsType<RuleAssessment.Assessed>((await ScanAsync(1, [ScanFacts.Attest(0, 5)], limit: 0)).Findings["BA102"]);

        Assert.Equal(1, found.Count);
        Assert.Empty(found.Findings);
    }

    [Fact]
    public async Task Read_SameDigestBySameKeyTwice_IsADuplicateOfTheImage()
    {
        var tally = await ScanAsync(2, [ScanFacts.Attest(0, 1), ScanFacts.Attest(0, 1), ScanFacts.Attest(0, 1, 2), ScanFacts.Attest(1, 1), ScanFacts.Attest(1, 2)]);

        var finding = Assert.Single(Assert.IsType<RuleAssessment.Assessed>(tally.Findings["BA107"]).Findings);
        Assert.Equal(ScanFacts.Image(0).ToString(), finding.Resource);
        Assert.Equal(ScanFacts.Digest(0).Value, finding.Image);
        Assert.Contains(ScanFacts.Key.Version(1).PublicKeyId, finding.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain(ScanFacts.Key.Version(2).PublicKeyId, finding.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_DuplicateOfAnImageThatIsGone_IsNone() =>
        Assert.Empty(Assert.IsType<RuleAssessment.Assessed>((await ScanAsync(0, [ScanFacts.Attest(0, 1), ScanFacts.Attest(0, 1)])).Findings["BA107"]).Findings);

    [Fact]
    public async Task Read_ImageIsGone_IsAnOrphan()
    {
        var tally = await ScanAsync(1, [ScanFacts.Attest(0, 1), ScanFacts.Attest(7, 1)]);

        Assert.Equal(ScanFacts.Digest(7).Value, Assert.Single(Assert.IsType<RuleAssessment.Assessed>(tally.Findings["BA106"]).Findings).Image);
        Assert.Equal(2, tally.Valid);
    }

    [Fact]
    public async Task Read_NoRecordOfTheVersion_WasMadeOutsideTheSigner()
    {
        var tally = await ScanAsync(2, [ScanFacts.Attest(0, 1), ScanFacts.Attest(1, 2), ScanFacts.Attest(9, 2)], recorded: [1]);

        Assert.Equal(ScanFacts.Digest(1).Value, Assert.Single(Assert.IsType<RuleAssessment.Assessed>(tally.Findings["BA108"]).Findings).Image);
    }

    [Fact]
    public async Task Read_NotAllImagesAreKnown_OrphansAreNotAssessedAndTheRestIs()
    {
        var subjects = ScanFacts.Subjects(1) with { Obstacles = [Refused] };

        var tally = await ScanAsync(subjects, ScanFacts.Recorded(subjects), [ScanFacts.Attest(0, 1), ScanFacts.Attest(0, 1), ScanFacts.Attest(7, 5)]);

        Assert.Equal(["BA106", "BA107", "BA108"], NotAssessed(tally));
        Assert.Empty(((RuleAssessment.NotAssessed)tally.Findings["BA106"]).Findings);
        Assert.Single(((RuleAssessment.NotAssessed)tally.Findings["BA107"]).Findings);
        Assert.Equal(2, ((RuleAssessment.NotAssessed)tally.Findings["BA108"]).Findings.Count);
        Assert.Single(((RuleAssessment.Assessed)tally.Findings["BA102"]).Findings);
    }

    [Fact]
    public async Task Read_DecisionRecordsAreNotKnown_MadeOutsideTheSignerIsNotAssessed()
    {
        var subjects = ScanFacts.Subjects(1);

        var tally = await ScanAsync(subjects, new ScannedRecords([0]) { Decisions = Refused }, [ScanFacts.Attest(0, 1)]);

        Assert.Equal(["BA108"], NotAssessed(tally));
        Assert.Empty(((RuleAssessment.NotAssessed)tally.Findings["BA108"]).Findings);
    }

    [Fact]
    public async Task Read_KeyRecordsAreNotKnown_WhatTheyTellApartIsNotAssessed()
    {
        var subjects = ScanFacts.Subjects(1);

        var tally = await ScanAsync(subjects, ScanFacts.Recorded(subjects, 1) with { KeyRecords = Refused }, [ScanFacts.Attest(0, 1)]);

        Assert.Equal(["BA101", "BA102", "BA103", "BA109"], NotAssessed(tally));
    }

    [Fact]
    public async Task Read_ListEndsInAnError_Throws()
    {
        var scan = new NoteScan(ScanFacts.Keys, ScanFacts.Subjects(1), new ScannedRecords([0]), 10);

        var error = await Assert.ThrowsAsync<GoogleCallException>(() => scan.ReadAsync(Failing(), TestContext.Current.CancellationToken));

        Assert.Equal(StatusCode.OutOfRange, error.Status);
    }

    [Fact]
    public async Task Read_VerifyingFails_EndsTheScan()
    {
        // No marks of any image: the place of each is out of range.
        var scan = new NoteScan(ScanFacts.Keys, ScanFacts.Subjects(1), new ScannedRecords([]), 10);

        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => scan.ReadAsync(Pages([.. Enumerable.Range(0, 40).Select(_ => ScanFacts.Attest(0, 1))], 1), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Read_Stopped_Ends()
    {
        var scan = new NoteScan(ScanFacts.Keys, ScanFacts.Subjects(1), ScanFacts.Recorded(ScanFacts.Subjects(1), 1), 10);
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => scan.ReadAsync(Pages([ScanFacts.Attest(0, 1)], 1), stop.Token));
    }

    [Fact]
    public void Mark_EachOfTheFirstKeys_HasItsOwn()
    {
        var keys = new AuditKeys(ScanFacts.Attestor with { Keys = [.. Enumerable.Range(0, 65).Select(number => ScanFacts.Trusted(1) with { Id = $"//keys.example/{number}" })] }, []);

        var marks = keys.Ids.Select(keys.Mark).ToArray();

        Assert.Equal(Enumerable.Range(0, 63).Select(place => 1UL << place), marks[..63]);
        Assert.All(marks[63..], mark => Assert.Equal(AuditKeys.SharedMark, mark));
    }

    [Fact]
    public async Task Read_KeysBeyondTheMarks_CountAndAreNoDuplicates()
    {
        var other = ScanFacts.Trusted(1);
        var keys = new AuditKeys(ScanFacts.Attestor with { Keys = [.. Enumerable.Range(0, 63).Select(number => other with { Id = $"//keys.example/{number}" }), other, ScanFacts.Trusted(2)] }, []);
        var subjects = ScanFacts.Subjects(1);
        var scan = new NoteScan(keys, subjects, new ScannedRecords([AuditKeys.SharedMark]), 10);

        await scan.ReadAsync(Pages([ScanFacts.Attest(0, 1), ScanFacts.Attest(0, 2)], 1), TestContext.Current.CancellationToken);

        Assert.Equal(2, scan.Tally.Valid);
        Assert.Equal(AuditKeys.SharedMark, scan.Tally.Attested[0]);
        Assert.Equal(0UL, scan.Tally.Duplicated[0]);
        Assert.Equal(2, scan.Tally.Rules["BA108"].Count);
    }

    [Fact]
    public void Mark_NamesOfRecords_AreThoseOfTrustedVersionsOfKnownImages()
    {
        var subjects = ScanFacts.Subjects(2).Known;
        var marks = new ulong[2];
        var (hex, other) = (ScanFacts.Digest(1).Hex, ScanFacts.Digest(5).Hex);
        foreach (var name in new[] { $"{hex}/1.json", $"{hex}/3.json", $"{hex}/2.txt", $"{hex}/+2.json", $"{hex}/.json", $"{hex}-2.json", $"{other}/2.json", $"{hex.ToUpperInvariant()}/2.json", "", "a/2.json", $"{hex}/99999999999999999999.json" })
        {
            RecordReader.Mark(marks, name, ScanFacts.Keys, subjects);
        }

        var place = subjects.Find(DigestKey.Of(ScanFacts.Digest(1)));
        Assert.Equal(ScanFacts.Keys.Mark(ScanFacts.Key.Version(1).PublicKeyId), marks[place]);
        Assert.Equal(0UL, marks[1 - place]);
    }

    private static string[] NotAssessed(AttestationTally tally) =>
        [.. tally.Findings.Where(each => each.Value is RuleAssessment.NotAssessed { Reason: "PERMISSION_DENIED: no", Remedy: "Grant it." }).Select(each => each.Key).Order(StringComparer.Ordinal)];

    private static string Words(AttestationTally tally) => string.Join('\n', tally.Findings.OrderBy(each => each.Key, StringComparer.Ordinal)
        .Select(each => $"{each.Key} {((RuleAssessment.Assessed)each.Value).Count}: {string.Join(", ", ((RuleAssessment.Assessed)each.Value).Findings.Select(finding => $"{finding.Resource} {finding.Detail}"))}").Prepend($"{tally.Valid} of {tally.Total}"));

    private static Task<AttestationTally> ScanAsync(int images, IReadOnlyList<Attestation> attestations, int limit = 7, int pageSize = 2, long[]? recorded = null)
    {
        var subjects = ScanFacts.Subjects(images);
        return ScanAsync(subjects, ScanFacts.Recorded(subjects, recorded ?? [1, 2]), attestations, limit, pageSize);
    }

    private static async Task<AttestationTally> ScanAsync(ScannedSubjects subjects, ScannedRecords records, IReadOnlyList<Attestation> attestations, int limit = 7, int pageSize = 2)
    {
        var scan = new NoteScan(ScanFacts.Keys, subjects, records, limit);
        await scan.ReadAsync(Pages(attestations, pageSize), TestContext.Current.CancellationToken);
        return TallyComposer.Compose(scan.Tally, ScanFacts.Keys, subjects, records, limit);
    }

    private static async IAsyncEnumerable<IReadOnlyList<Attestation>> Pages(IReadOnlyList<Attestation> attestations, int size)
    {
        foreach (var page in attestations.Chunk(size))
        {
            await Task.Yield();
            yield return page;
        }
    }

    private static async IAsyncEnumerable<IReadOnlyList<Attestation>> Failing()
    {
        await Task.Yield();
        yield return [ScanFacts.Attest(0, 1)];
        throw new GoogleCallException("ListNoteOccurrences", "a note", StatusCode.OutOfRange, "The list does not end.");
    }
}
