using BinAuthz.Attestations;
using BinAuthz.Auditing.Scanning;
using BinAuthz.Checkup;
using BinAuthz.GoogleCloud;
using BinAuthz.Images;
using Google.Cloud.BinaryAuthorization.V1;

namespace BinAuthz.Tests.Auditing.Scanning;

/// <summary>Which images there are, and which of them are attested.</summary>
public sealed class ScanSubjectsTests
{
    private const string Gke = "gke.gcr.io/pause";

    [Fact]
    public void Gather_IndexAndItsPlatforms_CountAsOne()
    {
        var subjects = ScanSubjects.Gather([[ScanFacts.Listed(0, 1, 2), ScanFacts.Listed(1), ScanFacts.Listed(2), ScanFacts.Listed(3)]], [], []);

        Assert.Equal(4, subjects.Images.Count);
        Assert.Equal("0 3", Numbers(subjects, image => image.IsStored));
        Assert.Equal(2, Find(subjects, 0).Platforms.Count);
    }

    [Fact]
    public void Gather_WhatNoRuntimeRuns_IsThereAndNeedsNoAttestation()
    {
        var subjects = ScanSubjects.Gather([[ScanFacts.Listed(0) with { IsContainerImage = false }]], [], []);

        Assert.Equal("", Numbers(subjects, image => image.IsStored));
        Assert.Single(subjects.Images);
    }

    [Fact]
    public void Gather_SameImageInTwoRepositories_IsOneSinceTheFirstPush()
    {
        var early = CleanFacts.Now - TimeSpan.FromDays(9);
        ListedImage[] copies = [ScanFacts.Listed(0) with { Name = "b" }, ScanFacts.Listed(0) with { Name = "a", Uploaded = early }, ScanFacts.Listed(0) with { Name = "c", Uploaded = null }];

        var image = Assert.Single(ScanSubjects.Gather(copies.Select(copy => (IReadOnlyList<ListedImage>)[copy]), [], []).Images);

        Assert.Equal(("a", early), (image.Name, image.Uploaded));
    }

    [Fact]
    public void Gather_PlatformThatIsAnImageOfItsOwnElsewhere_IsStored()
    {
        var subjects = ScanSubjects.Gather([[ScanFacts.Listed(0, 1), ScanFacts.Listed(1)], [ScanFacts.Listed(1)]], [], []);

        Assert.Equal("0 1", Numbers(subjects, image => image.IsStored));
    }

    [Fact]
    public void Gather_Images_AreStoredOnceAndInTheOrderOfDigests()
    {
        ListedImage[] listed = [.. Enumerable.Range(0, 9).Select(number => ScanFacts.Listed(number))];

        var subjects = ScanSubjects.Gather([listed, listed], [], []);

        Assert.Equal("0 1 2 3 4 5 6 7 8", Numbers(subjects, image => image.IsStored));
        Assert.Equal(listed.Select(image => image.Digest.ToString()).Order(StringComparer.Ordinal), subjects.Images.Select(image => image.Digest.ToString()));
    }

    [Fact]
    public void Incomplete_Indexes_AreReadOnlyBesideUntaggedImagesOfNoIndex()
    {
        var (index, platform, stray, tagged) = (ScanFacts.Listed(0, 1), ScanFacts.Listed(1), ScanFacts.Listed(2), ScanFacts.Listed(3) with { IsTagged = true });

        Assert.Empty(IndexReader.Incomplete([index, platform, tagged]));
        Assert.Empty(IndexReader.Incomplete([index, stray with { Name = "other.example/x" }]));
        Assert.Empty(IndexReader.Incomplete([index, stray with { IsContainerImage = false }]));
        Assert.Empty(IndexReader.Incomplete([stray]));
        Assert.Equal([ScanFacts.Image(0)], IndexReader.Incomplete([index, platform, stray, tagged]));
        Assert.Empty(IndexReader.Incomplete([index with { Name = "no name" }, stray with { Name = "no name" }]));
    }

    [Theory]
    [InlineData("gke.gcr.io/**", true)]
    [InlineData("gke.gcr.io/other/**", false)]
    public void Gather_RunningImage_IsExemptByItsName(string pattern, bool isExempt)
    {
        var subjects = ScanSubjects.Gather([], [ScanFacts.Running((0, Gke))], [ImagePattern.Parse(pattern)]);

        Assert.Equal((true, isExempt, false), (Find(subjects, 0).IsRunning, Find(subjects, 0).IsExempt, Find(subjects, 0).IsStored));
    }

    [Fact]
    public void Gather_RunningUnderAnotherNameToo_IsNotExempt() =>
        Assert.False(Find(ScanSubjects.Gather([], [ScanFacts.Running((0, Gke)), ScanFacts.Running((0, "evil.example/pause"))], [ImagePattern.Parse("gke.gcr.io/**")]), 0).IsExempt);

    [Theory]
    [InlineData(Policy.Types.GlobalPolicyEvaluationMode.Enable, "a.example/** gke.gcr.io/**")]
    [InlineData(Policy.Types.GlobalPolicyEvaluationMode.Disable, "a.example/**")]
    public void Exempt_Policy_IsItsPatternsAndGooglesIfItAsksThem(Policy.Types.GlobalPolicyEvaluationMode mode, string patterns)
    {
        var policy = new Policy { GlobalPolicyEvaluationMode = mode, AdmissionWhitelistPatterns = { new AdmissionWhitelistPattern { NamePattern = "a.example/**" } } };

        Assert.Equal(patterns, string.Join(' ', SubjectReader.Exempt(policy).Take(2)));
    }

    [Fact]
    public void Compose_EverythingAttested_IsWhole()
    {
        var subjects = ScanSubjects.Gather([[ScanFacts.Listed(0, 1), ScanFacts.Listed(2)]], [ScanFacts.Running((2, ScanFacts.Repository), (3, "x"))], []);

        var coverage = CoverageComposer.Compose(CleanFacts.Request, subjects, [(CleanFacts.Subject.Attestor, _ => true)]);

        Assert.Equal((2, 2, 2, 2), (coverage.Stored, coverage.StoredAttested, coverage.Running, coverage.RunningAttested));
        Assert.Equal(100, coverage.Percent);
        Assert.Empty(coverage.Unattested);
        Assert.Equal((0, 0), (coverage.StoredMissing, coverage.RunningMissing));
    }

    [Theory]
    [InlineData("0", "0", 1)]
    [InlineData("1", "1", 1)]
    [InlineData("0 1 2", "0 1 2", 0)]
    [InlineData("", "", 2)]
    public void Compose_Index_NeedsItselfAndEachPlatform(string lacking, string missing, int attested)
    {
        var subjects = ScanSubjects.Gather([[ScanFacts.Listed(0, 1), ScanFacts.Listed(2)]], [], []);

        var coverage = Compose(subjects, lacking);

        Assert.Equal(missing, string.Join(' ', coverage.Unattested.Select(image => Number(DigestKey.Of(image.Digest))).Order()));
        Assert.Equal((2, attested), (coverage.Stored, coverage.StoredAttested));
    }

    [Fact]
    public void Compose_RunningImages_CountUnlessExempt()
    {
        var subjects = ScanSubjects.Gather([[ScanFacts.Listed(0)]], [ScanFacts.Running((0, ScanFacts.Repository), (1, Gke), (2, "x.example/y"))], [ImagePattern.Parse("gke.gcr.io/**")]);

        var coverage = Compose(subjects, "0 1 2");

        Assert.Equal((1, 0, 2, 0), (coverage.Stored, coverage.StoredAttested, coverage.Running, coverage.RunningAttested));
        Assert.Equal("0 2", string.Join(' ', coverage.Unattested.Select(image => Number(DigestKey.Of(image.Digest))).Order()));
        Assert.All(coverage.Unattested, image => Assert.True(image.IsRunning));
        Assert.Equal((0, 2), (coverage.StoredMissing, coverage.RunningMissing));
        Assert.Equal(ScanFacts.Image(0), coverage.Unattested.Single(image => image.Uploaded is not null).Image);
        Assert.Null(coverage.Unattested.Single(image => image.Uploaded is null).Image);
    }

    [Fact]
    public void Compose_Unattested_RunningFirstThenTheLongestStoredUpToTheLimitOfEach()
    {
        ListedImage[] listed = [.. Enumerable.Range(0, 6).Select(number => ScanFacts.Listed(number) with { Uploaded = CleanFacts.Now - TimeSpan.FromDays(number + 1) })];
        var subjects = ScanSubjects.Gather([listed], [ScanFacts.Running((0, "x"), (7, "x"), (8, "x"))], []);
        var request = CleanFacts.Request with { Options = new BinAuthz.Auditing.AuditOptions { FindingsPerRule = 2 } };

        var coverage = CoverageComposer.Compose(request, subjects, [(CleanFacts.Subject.Attestor, _ => false)]);

        Assert.Equal([true, true, false, false], coverage.Unattested.Select(image => image.IsRunning));
        Assert.Equal([ScanFacts.Digest(5), ScanFacts.Digest(4)], coverage.Unattested.Skip(2).Select(image => image.Digest));
        Assert.Equal((5, 3), (coverage.StoredMissing, coverage.RunningMissing));
    }

    [Fact]
    public void Compose_UploadedAtTheSameTime_AreInTheOrderOfDigestsAndAttestors()
    {
        var subjects = ScanSubjects.Gather([[.. Enumerable.Range(0, 4).Select(number => ScanFacts.Listed(number))]], [], []);
        AttestorName[] attestors = [AttestorName.Parse("projects/p/attestors/b"), AttestorName.Parse("projects/p/attestors/a")];

        var coverage = CoverageComposer.Compose(CleanFacts.Request, subjects, [.. attestors.Select(name => (name, (Func<int, bool>)(_ => false)))]);

        Assert.Equal(
            from number in Enumerable.Range(0, 4)
            orderby ScanFacts.Digest(number).Value
            from attestor in attestors.Reverse()
            select (ScanFacts.Digest(number), attestor),
            coverage.Unattested.Select(image => (image.Digest, image.Attestor)));
    }

    [Fact]
    public void Tally_SameResource_NamesTheFirstByDetail()
    {
        var tally = new RuleTally(1);
        foreach (var detail in new[] { "b", "a", "c" })
        {
            tally.Add("x", () => new BinAuthz.Auditing.AuditFinding("BA101", BinAuthz.Auditing.AuditSeverity.High, "x", detail, ""));
        }

        Assert.Equal((3, "a"), (tally.Count, Assert.Single(tally.Named).Detail));
    }

    [Fact]
    public void Compose_YoungImage_IsUnattestedAndNotMissingYet()
    {
        ListedImage[] listed = [ScanFacts.Listed(0) with { Uploaded = CleanFacts.Now - TimeSpan.FromHours(1) }, ScanFacts.Listed(1) with { Uploaded = CleanFacts.Now - TimeSpan.FromMinutes(59) }, ScanFacts.Listed(2) with { Uploaded = null }];

        var coverage = Compose(ScanSubjects.Gather([listed], [], []), "0 1 2");

        Assert.Equal((3, 2), (coverage.Unattested.Count, coverage.StoredMissing));
    }

    [Fact]
    public void Compose_SeveralAttestors_EachHasToAttest()
    {
        var other = AttestorName.Parse($"projects/{CleanFacts.Project}/attestors/second");
        var subjects = ScanSubjects.Gather([[ScanFacts.Listed(0)]], [], []);

        var coverage = CoverageComposer.Compose(CleanFacts.Request, subjects, [(CleanFacts.Subject.Attestor, _ => true), (other, _ => false)]);

        Assert.Equal(0, coverage.StoredAttested);
        Assert.Equal(other, Assert.Single(coverage.Unattested).Attestor);
    }

    [Fact]
    public void Cover_SomethingWasNotRead_IsNotKnown()
    {
        var refused = new Obstacle("no", "grant", IsTransient: false);
        var subjects = ScanFacts.Subjects(1);
        var attestor = new ScannedAttestor(CleanFacts.Facts.Attestors[0], ScanFacts.Keys, new ScannedRecords([0]), new BinAuthz.Checkup.Fact<ScanTally>.Known(new ScanTally(1, 1)));

        Assert.Equal(0, Assert.IsType<BinAuthz.Checkup.Fact<BinAuthz.Auditing.Facts.Coverage>.Known>(ScanResult.Cover(CleanFacts.Request, subjects, [attestor])).Value.StoredAttested);
        Assert.Equal("no", Why(ScanResult.Cover(CleanFacts.Request, subjects with { Obstacles = [refused] }, [attestor])));
        var mixed = ScanResult.Cover(CleanFacts.Request, subjects with { Obstacles = [refused, refused with { IsTransient = true }] }, [attestor]);
        Assert.True(Assert.IsType<BinAuthz.Checkup.Fact<BinAuthz.Auditing.Facts.Coverage>.Unknown>(mixed).Why.IsTransient);
        Assert.Equal("no", Why(ScanResult.Cover(CleanFacts.Request, subjects, [attestor with { Tally = new BinAuthz.Checkup.Fact<ScanTally>.Unknown(refused) }])));
    }

    private static string Why(BinAuthz.Checkup.Fact<BinAuthz.Auditing.Facts.Coverage> fact) => Assert.IsType<BinAuthz.Checkup.Fact<BinAuthz.Auditing.Facts.Coverage>.Unknown>(fact).Why.Reason;

    private static BinAuthz.Auditing.Facts.Coverage Compose(ScanSubjects subjects, string lacking) =>
        CoverageComposer.Compose(CleanFacts.Request, subjects, [(CleanFacts.Subject.Attestor, place => !lacking.Split(' ').Contains(Number(subjects.Images[place].Digest)))]);

    private static ScannedImage Find(ScanSubjects subjects, int number) => subjects.Images[subjects.Find(DigestKey.Of(ScanFacts.Digest(number)))];

    private static string Numbers(ScanSubjects subjects, Func<ScannedImage, bool> which) => string.Join(' ', subjects.Images.Where(which).Select(image => Number(image.Digest)).Order());

    private static string Number(DigestKey digest) => Enumerable.Range(0, 20).Single(number => DigestKey.Of(ScanFacts.Digest(number)) == digest).ToString(System.Globalization.CultureInfo.InvariantCulture);
}
