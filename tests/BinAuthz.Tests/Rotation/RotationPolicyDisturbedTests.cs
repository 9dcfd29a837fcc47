using BinAuthz.Rotation;
using static BinAuthz.Tests.Rotation.RotationScene;
using State = Google.Cloud.Kms.V1.CryptoKeyVersion.Types.CryptoKeyVersionState;

namespace BinAuthz.Tests.Rotation;

/// <summary>A rotation that was stopped anywhere, that ran twice at once, that Cloud KMS or the attestor will not let go on.</summary>
public sealed class RotationPolicyDisturbedTests
{
    private static readonly Action<RotationScene> Due = Version(1, "2026-01-01", since: "2026-01-01");

    [Fact]
    public void Decide_StoppedAfterMakingTheVersion_TrustsIt() => Assert.Equal("trust 2", Decide("2026-04-03", Due, Version(2, "2026-04-01")));

    [Fact]
    public void Decide_StoppedAfterTrusting_WritesItDownBeforeAnythingElse() =>
        Assert.Equal("record 2", Decide("2026-06-01", Due, Version(2, "2026-04-01", since: "2026-04-01", unrecorded: true)));

    [Fact]
    public void Decide_StoppedBetweenRecordAndRemoval_Removes() =>
        Assert.Equal("distrust 1", Decide("2026-04-09", Version(1, "2026-01-01", since: "2026-01-01", retired: "2026-04-08T00:05:00"), Version(2, "2026-04-01", since: "2026-04-01")));

    [Fact]
    public void Decide_StoppedBetweenRecordAndRemovalAndAnImageLacksTheNewKey_SignsFirst() =>
        Assert.Equal("resign by 2: web weigh: none", Decide("2026-04-09", Version(1, "2026-01-01", since: "2026-01-01", retired: "2026-04-08T00:05:00"), Version(2, "2026-04-01", since: "2026-04-01"), Image("web", 1)));

    [Fact]
    public void Decide_StoppedBetweenRemovalAndDisabling_Disables() =>
        Assert.Equal("disable 1", Decide("2026-06-09", Version(1, "2026-01-01", seen: "2026-01-01", retired: "2026-04-08"), Version(2, "2026-04-01", since: "2026-04-01")));

    [Fact]
    public void Decide_TwoRunsMadeAVersionEach_TrustsTheNewestOnly() => Assert.Equal("trust 3", Decide("2026-04-01T00:01:00", Due, Version(2, "2026-04-01"), Version(3, "2026-04-01")));

    [Fact]
    public void Decide_StrayBehindTheNewest_IsLeftAlone() =>
        Assert.Equal("nothing until 2026-06-30 00:00:00", Decide("2026-04-20", Version(2, "2026-04-01"), Version(3, "2026-04-01", since: "2026-04-01")));

    [Fact]
    public void Decide_StrayBeyondTheNewestOfAnEarlierRotation_IsTooOldToBeTrusted() =>
        Assert.Equal("create EC_SIGN_P256_SHA256", Decide("2026-06-30", Version(2, "2026-04-01", since: "2026-04-01"), Version(3, "2026-04-01")));

    [Fact]
    public void Decide_SuccessorWasMadeByHandLongAgo_MakesAnother() =>
        Assert.Equal("create EC_SIGN_P256_SHA256", Decide("2026-04-01", Due, Version(2, "2026-02-15")));

    [Fact]
    public void Decide_SuccessorJustWithinHalfALifetime_IsTrusted() =>
        Assert.Equal("trust 2", Decide("2026-04-01", Due, Version(2, "2026-02-15T00:00:01")));

    [Fact]
    public void Decide_SuccessorWasImported_MakesAnother() =>
        Assert.Equal("create EC_SIGN_P256_SHA256", Decide("2026-04-01", Due, Version(2, "2026-04-01", imported: true)));

    [Fact]
    public void Decide_SuccessorWasDisabledByHand_MakesAnother() =>
        Assert.Equal("create EC_SIGN_P256_SHA256", Decide("2026-04-01", Due, Version(2, "2026-04-01", state: State.Disabled)));

    [Fact]
    public void Decide_GenerationFailedOnce_MakesAnother() => Assert.Equal("create EC_SIGN_P256_SHA256", Decide("2026-04-01", Due, Failed(2)));

    [Fact]
    public void Decide_GenerationFailedThreeTimes_SaysWhyAndStops() =>
        Assert.Equal($"blocked: Cloud KMS failed to generate the last 3 versions of {Key}: no entropy", Decide("2026-04-01", Due, Failed(2), Failed(3), Failed(4)));

    [Fact]
    public void Decide_GenerationFailedThreeTimesAndAVersionWasMadeByHand_TrustsIt() =>
        Assert.Equal("trust 5", Decide("2026-04-01", Due, Failed(2), Failed(3), Failed(4), Version(5, "2026-04-01")));

    [Fact]
    public void Decide_FailuresWithAnotherVersionInBetween_AreNotCounted() =>
        Assert.Equal("create EC_SIGN_P256_SHA256", Decide("2026-04-01", Due, Failed(2), Failed(3), Version(4, "2026-04-01", state: State.Destroyed), Failed(5)));

    [Fact]
    public void Decide_AttestorIsFull_MakesNoVersionThatItCouldNotTrust() =>
        Assert.StartsWith("blocked: projects/p/attestors/a has 1000 keys", Decide("2026-04-01", [Due, .. Theirs(999)]));

    [Fact]
    public void Decide_OneKeyFewer_BeginsTheRotation() => Assert.Equal("create EC_SIGN_P256_SHA256", Decide("2026-04-01", [Due, .. Theirs(998)]));

    [Fact]
    public void Decide_ThousandKeysOfOurs_RetiresTheOldest() =>
        Assert.Equal("distrust 1", Decide("2026-06-01", [.. Enumerable.Range(1, 1000).Select(number => Version(number, "2026-01-01", since: "2026-01-01"))]));

    [Fact]
    public void Decide_TemplateOfAnAlgorithmThatIsNotAccepted_SaysSo() =>
        Assert.StartsWith($"blocked: {Key} makes versions of an algorithm", Decide("2026-04-01", Due, Making(null)));

    [Fact]
    public void Decide_CommentMinutesAhead_WaitsAsLongAsItSays() =>
        Assert.Equal("propagate 2 until 2026-04-01 00:15:00", Decide("2026-04-01", Due, Version(2, "2026-04-01", since: "2026-04-01T00:10:00")));

    [Theory]
    [InlineData("2026-04-01T00:10:01")]
    [InlineData("9999-12-31T23:59:59")]
    public void Decide_CommentOfTheNewestFarAhead_SaysSo(string since) =>
        Assert.StartsWith($"blocked: {Key.Version(2)} is trusted since", Decide("2026-04-01", Due, Version(2, "2026-04-01", since: since)));

    [Fact]
    public void Decide_CommentOfAnOldKeyFarAhead_SaysSoInsteadOfWaiting() =>
        Assert.StartsWith($"blocked: {Key.Version(1)} is trusted since", Decide("2026-04-01T01:00", Version(1, "2026-01-01", since: "2027-01-01"), Version(2, "2026-04-01", since: "2026-04-01")));

    [Fact]
    public void Decide_NewestWithoutComment_CountsFromWhenItWasFirstSeen() =>
        Assert.Equal("propagate 2 until 2026-04-02 00:05:00", Decide("2026-04-02", Due, Version(2, "2026-04-01", since: "", seen: "2026-04-02")));

    [Fact]
    public void Decide_RecordAtTheEndOfTime_IsNoReasonToFail() =>
        Assert.Equal("nothing until 2026-06-30 00:00:00", Decide("2026-04-20", Version(1, "2026-01-01", state: State.Disabled, retired: "9999-12-31T23:59:59"), Version(2, "2026-04-01", since: "2026-04-01")));

    [Fact]
    public void Decide_ImagesHaveASayAndWereNotRead_Throws()
    {
        var scene = new RotationScene();
        Due(scene);
        Version(2, "2026-04-01", since: "2026-04-01")(scene);

        Assert.Throws<InvalidOperationException>(() => RotationPolicy.Decide(At("2026-06-01"), scene.ToState() with { Live = null }, Usual));
    }

    private static Action<RotationScene> Failed(long number) => Version(number, "2026-04-01", state: State.GenerationFailed);

    private static IEnumerable<Action<RotationScene>> Theirs(int count) => Enumerable.Range(1, count).Select(number => ForeignKey($"urn:theirs:{number}"));
}
