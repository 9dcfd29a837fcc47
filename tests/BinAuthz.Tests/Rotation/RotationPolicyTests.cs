using static BinAuthz.Tests.Rotation.RotationScene;
using State = Google.Cloud.Kms.V1.CryptoKeyVersion.Types.CryptoKeyVersionState;

namespace BinAuthz.Tests.Rotation;

/// <summary>A rotation that nobody disturbs: every step, and every window just before and at its end.</summary>
public sealed class RotationPolicyTests
{
    [Fact]
    public void Decide_KeyJustWithinItsLifetime_WaitsForItsEnd() =>
        Assert.Equal("nothing until 2026-04-01 00:00:00", Decide("2026-03-31T23:59:59", Version(1, "2026-01-01", since: "2026-01-01")));

    [Fact]
    public void Decide_KeyAtTheEndOfItsLifetime_MakesASuccessor() =>
        Assert.Equal("create EC_SIGN_P256_SHA256", Decide("2026-04-01", Version(1, "2026-01-01", since: "2026-01-01")));

    [Fact]
    public void Decide_AgeIsThatOfTheVersionNotOfItsTrust() =>
        Assert.Equal("create EC_SIGN_P256_SHA256", Decide("2026-04-01", Version(1, "2026-01-01", since: "2026-03-01")));

    [Fact]
    public void Decide_SuccessorIsBeingGenerated_Awaits() =>
        Assert.Equal("await 2", Decide("2026-04-01T00:00:10", Version(1, "2026-01-01", since: "2026-01-01"), Version(2, "2026-04-01", state: State.PendingGeneration)));

    [Fact]
    public void Decide_SuccessorIsEnabled_TrustsIt() =>
        Assert.Equal("trust 2", Decide("2026-04-01T00:00:10", Version(1, "2026-01-01", since: "2026-01-01"), Version(2, "2026-04-01")));

    [Fact]
    public void Decide_TrustNotWrittenDown_WritesItDown() =>
        Assert.Equal("record 2", Decide("2026-04-01T00:00:10", Version(1, "2026-01-01", since: "2026-01-01"), Version(2, "2026-04-01", since: "2026-04-01", unrecorded: true)));

    [Fact]
    public void Decide_JustBeforeTheEndOfThePropagation_Waits() =>
        Assert.Equal("propagate 2 until 2026-04-01 00:05:00", Decide("2026-04-01T00:04:59", [.. Rotating, Image("web", 1)]));

    [Fact]
    public void Decide_AtTheEndOfThePropagation_HasWhatLacksTheNewKeySigned() =>
        Assert.Equal("resign by 2: api web weigh: none", Decide("2026-04-01T00:05:00", [.. Rotating, Image("api", 1), Image("done", 1, 2), Image("web", 1)]));

    [Fact]
    public void Decide_AllSignedJustBeforeTheEndOfTheOverlap_Waits() =>
        Assert.Equal("nothing until 2026-04-08 00:05:00", Decide("2026-04-08T00:04:59", [.. Rotating, Image("web", 1, 2)]));

    [Fact]
    public void Decide_AllSignedAtTheEndOfTheOverlap_DistrustsTheOldKey() =>
        Assert.Equal("distrust 1", Decide("2026-04-08T00:05:00", [.. Rotating, Image("web", 1, 2), Image("api", 2)]));

    [Fact]
    public void Decide_ImageThatOnlyTheOldKeyVerifiesLongAfterTheOverlap_KeepsTheOldKey() =>
        Assert.Equal("resign by 2: web weigh: none", Decide("2026-09-01", [.. Rotating, Image("web", 1)]));

    [Fact]
    public void Decide_NoLiveImages_DistrustsTheOldKeyAtTheEndOfTheOverlap() =>
        Assert.Equal("distrust 1", Decide("2026-04-08T00:05:00", Rotating));

    [Fact]
    public void Decide_ImageThatOnlyAForeignKeyVerifies_IsLeftAlone() =>
        Assert.Equal("distrust 1", Decide("2026-04-08T00:05:00", [.. Rotating, ForeignKey(), Image("theirs", 0)]));

    [Fact]
    public void Decide_ImageThatAForeignAndTheOldKeyVerify_IsSigned() =>
        Assert.Equal("resign by 2: web weigh: none", Decide("2026-04-08T00:05:00", [.. Rotating, ForeignKey(), Image("web", 0, 1)]));

    [Fact]
    public void Decide_OldKeyHasLostTrust_DisablesIt() =>
        Assert.Equal("disable 1", Decide("2026-04-08T00:06:00", Version(1, "2026-01-01", seen: "2026-01-01", retired: "2026-04-08T00:05:00"), Version(2, "2026-04-01", since: "2026-04-01")));

    [Fact]
    public void Decide_DisabledJustBeforeTheEndOfItsWindow_Waits() =>
        Assert.Equal("nothing until 2026-05-08 00:05:00", Decide("2026-05-08T00:04:59", Retired));

    [Fact]
    public void Decide_DisabledAtTheEndOfItsWindow_SchedulesItsDestruction() =>
        Assert.Equal("destroy 1", Decide("2026-05-08T00:05:00", Retired));

    [Theory]
    [InlineData(State.DestroyScheduled)]
    [InlineData(State.Destroyed)]
    public void Decide_DestructionIsScheduled_WaitsForTheNextRotation(State state) =>
        Assert.Equal("nothing until 2026-06-30 00:00:00", Decide("2026-05-08T00:06:00", Version(1, "2026-01-01", state: state, seen: "2026-01-01", retired: "2026-04-08"), Version(2, "2026-04-01", since: "2026-04-01")));

    [Fact]
    public void Decide_OldKeyIsStillTrusted_BeginsNoOtherRotation() =>
        Assert.Equal("resign by 2: web weigh: none", Decide("2027-01-01", [.. Rotating, Image("web", 1)]));

    [Fact]
    public void Decide_SeveralOldKeys_DistrustsTheOldestFirst() =>
        Assert.Equal("distrust 1", Decide("2026-06-01", Version(1, "2025-10-01", since: "2025-10-01"), Version(2, "2026-01-01", since: "2026-01-01"), Version(3, "2026-04-01", since: "2026-04-01"), Image("web", 2, 3)));

    [Fact]
    public void Decide_ARotationIsAskedFor_BeginsIt() =>
        Assert.Equal("create EC_SIGN_P256_SHA256", Decide("2026-02-01", Usual with { RenewBefore = At("2026-02-01") }, Version(1, "2026-01-01", since: "2026-01-01")));

    [Fact]
    public void Decide_ARotationIsAskedForWhileOneIsUnderWay_FinishesThatOne() =>
        Assert.Equal("propagate 2 until 2026-04-01 00:05:00", Decide("2026-04-01T00:01:00", Usual with { RenewBefore = At("2026-04-01T00:01:00") }, Rotating));

    [Fact]
    public void Decide_VersionIsYoungerThanWhatWasAskedFor_Waits() =>
        Assert.Equal("nothing until 2026-04-01 00:00:00", Decide("2026-02-01", Usual with { RenewBefore = At("2026-01-01") }, Version(1, "2026-01-01", since: "2026-01-01")));

    [Fact]
    public void Decide_AnotherAlgorithmIsConfigured_MakesAVersionOfIt() =>
        Assert.Equal("create RSA_SIGN_PKCS1_4096_SHA512", Decide("2026-01-02", Usual with { Algorithm = Rsa }, Version(1, "2026-01-01", since: "2026-01-01")));

    [Fact]
    public void Decide_TheTemplateWasChanged_MakesAVersionOfIt() =>
        Assert.Equal("create RSA_SIGN_PKCS1_4096_SHA512", Decide("2026-01-02", Version(1, "2026-01-01", since: "2026-01-01"), Making(Rsa)));

    [Fact]
    public void Decide_SuccessorIsOfAnotherAlgorithm_MakesAnother() =>
        Assert.Equal("create RSA_SIGN_PKCS1_4096_SHA512", Decide("2026-04-01", Usual with { Algorithm = Rsa }, Version(1, "2026-01-01", since: "2026-01-01"), Version(2, "2026-04-01")));

    [Fact]
    public void Decide_SuccessorOfTheWantedAlgorithm_IsTrusted() =>
        Assert.Equal("trust 2", Decide("2026-01-02", Usual with { Algorithm = Rsa }, Version(1, "2026-01-01", since: "2026-01-01"), Version(2, "2026-01-02", algorithm: Rsa)));

    private static Action<RotationScene>[] Rotating => [Version(1, "2026-01-01", since: "2026-01-01"), Version(2, "2026-04-01", since: "2026-04-01")];

    private static Action<RotationScene>[] Retired =>
        [Version(1, "2026-01-01", state: State.Disabled, seen: "2026-01-01", retired: "2026-04-08T00:05:00"), Version(2, "2026-04-01", since: "2026-04-01")];
}
