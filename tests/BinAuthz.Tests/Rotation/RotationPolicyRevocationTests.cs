using static BinAuthz.Tests.Rotation.RotationScene;
using State = Google.Cloud.Kms.V1.CryptoKeyVersion.Types.CryptoKeyVersionState;

namespace BinAuthz.Tests.Rotation;

/// <summary>After a record says that a version was revoked.</summary>
public sealed class RotationPolicyRevocationTests
{
    [Fact]
    public void Decide_OnlyKeyIsRevoked_LosesTrust() =>
        Assert.Equal("distrust 1 revoked", Decide("2026-02-01", Version(1, "2026-01-01", since: "2026-01-01", revoked: "2026-02-01"), Image("web", 1)));

    [Fact]
    public void Decide_NewestIsRevoked_LosesTrust() =>
        Assert.Equal("distrust 2 revoked", Decide("2026-04-02", Version(1, "2026-01-01", since: "2026-01-01"), Version(2, "2026-04-01", since: "2026-04-01", revoked: "2026-04-02"), Image("web", 2)));

    [Fact]
    public void Decide_OldKeyIsRevoked_LosesTrustWhateverImagesNeedIt() =>
        Assert.Equal("distrust 1 revoked", Decide("2026-04-01T00:01:00", Version(1, "2026-01-01", since: "2026-01-01", revoked: "2026-04-01"), Version(2, "2026-04-01", since: "2026-04-01", unrecorded: true), Image("web", 1)));

    [Fact]
    public void Decide_RevokedVersionThatCloudKmsDoesNotHave_LosesTrust() =>
        Assert.Equal("distrust 7 revoked", Decide("2026-02-01", Version(1, "2026-01-01", since: "2026-01-01"), Version(7, "2026-01-01", since: "2026-01-01", revoked: "2026-02-01"), scene => scene.Versions.RemoveAt(1)));

    [Fact]
    public void Decide_RevokedAndPutBackByHand_LosesTrustAgain() =>
        Assert.Equal("distrust 1 revoked", Decide("2026-05-01", Version(1, "2026-01-01", since: "2026-05-01", state: State.Disabled, revoked: "2026-02-01"), Version(2, "2026-02-01", since: "2026-02-01")));

    [Fact]
    public void Decide_RevokedAndEnabled_IsDisabled() =>
        Assert.Equal("disable 1", Decide("2026-05-01", Version(1, "2026-01-01", seen: "2026-01-01", revoked: "2026-02-01"), Version(2, "2026-02-01", since: "2026-02-01")));

    [Fact]
    public void Decide_OnlyKeyWasRevoked_MakesASuccessor() => Assert.Equal("create EC_SIGN_P256_SHA256", Decide("2026-02-01T00:00:01", Revoked));

    [Fact]
    public void Decide_SuccessorWasMade_TrustsIt() => Assert.Equal("trust 2", Decide("2026-02-01T00:00:02", Revoked, Version(2, "2026-02-01T00:00:01")));

    [Fact]
    public void Decide_SuccessorWasMadeByAClockThatIsBehind_TrustsIt() => Assert.Equal("trust 2", Decide("2026-02-01T00:00:02", Revoked, Version(2, "2026-01-31T23:50:01")));

    [Fact]
    public void Decide_VersionThatWasThereBeforeTheRevocation_IsNotTrusted() =>
        Assert.Equal("create EC_SIGN_P256_SHA256", Decide("2026-02-01T00:00:02", Revoked, Version(2, "2026-01-31T23:50:00")));

    [Fact]
    public void Decide_SuccessorIsTheOnlyKey_HasApprovalAskedAtOnce() =>
        Assert.Equal("resign by 2: none weigh: web", Decide("2026-02-01T00:00:03", Revoked, Version(2, "2026-02-01T00:00:01", since: "2026-02-01T00:00:02"), Lost("web", 1), Lost("late", 1, predates: false), Lost("refused", 1, weighed: true)));

    [Fact]
    public void Decide_NothingToBeWeighed_Waits() =>
        Assert.Equal("nothing until 2026-03-03 00:00:00", Decide("2026-02-01T00:00:03", Revoked, Version(2, "2026-02-01", since: "2026-02-01"), Lost("late", 1, predates: false)));

    [Fact]
    public void Decide_ImagesToSignAndToWeigh_AsksForBoth() =>
        Assert.Equal("resign by 3: api weigh: web", Decide("2026-05-01", Revoked, Version(2, "2026-02-01", since: "2026-02-01"), Version(3, "2026-05-01", since: "2026-04-30"), Image("api", 2), Lost("web", 1)));

    [Fact]
    public void Decide_ImageIsToBeWeighedDuringAPropagation_DoesNotWait() =>
        Assert.Equal("resign by 3: none weigh: web", Decide("2026-05-01T00:01:00", Revoked, Version(2, "2026-02-01", since: "2026-02-01"), Version(3, "2026-05-01", since: "2026-05-01"), Image("api", 2), Lost("web", 1)));

    [Fact]
    public void Decide_ImageWhoseApprovalNeverEnds_KeepsNoKeyFromItsSuccessor() =>
        Assert.Equal("create EC_SIGN_P256_SHA256", Decide("2026-05-02", Revoked, Version(2, "2026-02-01", since: "2026-02-01"), Lost("web", 1)));

    [Fact]
    public void Decide_ImageWhoseApprovalNeverEnds_KeepsNoOldKeyTrusted() =>
        Assert.Equal("distrust 2", Decide("2026-05-20", Revoked, Version(2, "2026-02-01", since: "2026-02-01"), Version(3, "2026-05-02", since: "2026-05-02"), Lost("web", 1)));

    [Fact]
    public void Decide_ImageWhoseApprovalNeverEnds_KeepsNoVersionFromItsDestruction() =>
        Assert.Equal("destroy 1", Decide("2026-03-03", Revoked, Version(2, "2026-02-01", since: "2026-02-01"), Lost("web", 1)));

    [Fact]
    public void Decide_SuccessorWasRemovedByHandAfterARevocation_IsNotPutBack() =>
        Assert.StartsWith("blocked: projects/p/attestors/a trusts no version of", Decide("2026-02-03", Revoked, Version(2, "2026-02-01", seen: "2026-02-01T00:00:02")));

    [Fact]
    public void Decide_RecordOfTrustByAClockAhead_DoesNotHideTheRevocation() =>
        Assert.Equal("create EC_SIGN_P256_SHA256", Decide("2026-02-01T00:00:02", Version(1, "2026-01-01", state: State.Disabled, seen: "2026-02-01T00:05:00", revoked: "2026-02-01")));

    [Fact]
    public void Decide_OlderKeyWasRemovedByHandBeforeTheRevocation_StillMakesASuccessor() =>
        Assert.Equal("create EC_SIGN_P256_SHA256", Decide("2026-04-20T00:00:01", Version(1, "2026-01-01", seen: "2026-01-01"), Version(2, "2026-04-01", state: State.Disabled, seen: "2026-04-01", revoked: "2026-04-20")));

    [Fact]
    public void Decide_RevokedVersionLeftNothingBehind_RecordsIt() =>
        Assert.Equal("clear 1", Decide("2026-02-01T00:00:01", NotCleared, Version(2, "2026-02-01", since: "2026-02-01"), Image("api", 2)));

    [Fact]
    public void Decide_RevokedVersionLeftSomethingBehind_WithdrawsItBeforeAnythingIsSignedAnew() => Assert.Equal(
        "withdraw what 1 left: bad",
        Decide("2026-05-20", NotCleared, Version(2, "2026-02-01", since: "2026-02-01"), Version(3, "2026-05-02", since: "2026-05-02"), Image("api", 2), Forged("bad", 2, from: 1), Forged("other", 2, from: 2)));

    private static readonly Action<RotationScene> NotCleared = Version(1, "2026-01-01", state: State.Disabled, seen: "2026-01-01", revoked: "2026-02-01", cleared: false);

    private static readonly Action<RotationScene> Revoked = Version(1, "2026-01-01", state: State.Disabled, seen: "2026-01-01", revoked: "2026-02-01");
}
