using BinAuthz.Keys;
using static BinAuthz.Tests.Rotation.RotationScene;
using State = Google.Cloud.Kms.V1.CryptoKeyVersion.Types.CryptoKeyVersionState;

namespace BinAuthz.Tests.Rotation;

/// <summary>What people change by hand is respected.</summary>
public sealed class RotationPolicyByHandTests
{
    [Theory]
    [InlineData(State.Disabled)]
    [InlineData(State.DestroyScheduled)]
    [InlineData(State.Destroyed)]
    public void Decide_NewestCannotSignAnyMore_HasItsImagesSignedByTheOldOne(State state) =>
        Assert.Equal("resign by 1: web weigh: none", Decide("2026-04-02", Version(1, "2026-01-01", since: "2026-01-01"), Version(2, "2026-04-01", since: "2026-04-01", state: state), Image("web", 2), Image("api", 1, 2)));

    [Fact]
    public void Decide_NewestCannotSignAnyMoreWithinItsOverlap_KeepsItsTrust() =>
        Assert.Equal("nothing until 2026-04-08 00:05:00", Decide("2026-04-02", Version(1, "2026-01-01", since: "2026-01-01"), Version(2, "2026-04-01", since: "2026-04-01", state: State.Disabled), Image("web", 1, 2)));

    [Theory]
    [InlineData(State.Disabled)]
    [InlineData(State.Destroyed)]
    public void Decide_OldKeyCannotSignAnyMore_GoesOn(State state) =>
        Assert.Equal("resign by 2: web weigh: none", Decide("2026-04-02", Version(1, "2026-01-01", since: "2026-01-01", state: state), Version(2, "2026-04-01", since: "2026-04-01"), Image("web", 1)));

    [Theory]
    [InlineData(State.Disabled)]
    [InlineData(State.Destroyed)]
    public void Decide_NeitherCanSign_MakesASuccessorAndKeepsTheirTrust(State state) =>
        Assert.Equal("create EC_SIGN_P256_SHA256", Decide("2026-04-02", Version(1, "2026-01-01", since: "2026-01-01", state: state), Version(2, "2026-04-01", since: "2026-04-01", state: state), Image("web", 1, 2)));

    [Fact]
    public void Decide_NeitherCanSignAndTheSuccessorIsTrusted_HasTheirImagesSigned() =>
        Assert.Equal("resign by 2: web weigh: none", Decide("2026-02-01", Version(1, "2026-01-01", since: "2026-01-01", state: State.Destroyed), Version(2, "2026-01-20", since: "2026-01-20"), Image("web", 1)));

    [Fact]
    public void Decide_NewestWasRemoved_IsNotPutBack() =>
        Assert.Equal("create EC_SIGN_P256_SHA256", Decide("2026-04-02", Version(1, "2026-01-01", since: "2026-01-01"), Version(2, "2026-04-01", seen: "2026-04-01")));

    [Fact]
    public void Decide_NewestWasRemovedAndTheOldOneIsYoung_LeavesEverythingAsItIs() =>
        Assert.Equal("nothing until 2026-04-01 00:00:00", Decide("2026-02-02", Version(1, "2026-01-01", since: "2026-01-01"), Version(2, "2026-02-01", seen: "2026-02-01")));

    [Fact]
    public void Decide_OldKeyWasRemoved_LeavesItsVersionAsItIs() =>
        Assert.Equal("nothing until 2026-06-30 00:00:00", Decide("2026-05-20", Version(1, "2026-01-01", seen: "2026-01-01"), Version(2, "2026-04-01", since: "2026-04-01")));

    [Fact]
    public void Decide_AllKeysWereRemoved_SaysSo() => Assert.StartsWith(Empty, Decide("2026-04-02", Version(1, "2026-01-01", seen: "2026-01-01"), Version(2, "2026-04-01", seen: "2026-04-01")));

    [Fact]
    public void Decide_TheRemainingKeyWasRemovedAfterARetirement_SaysSo() =>
        Assert.StartsWith(Empty, Decide("2026-04-20", Version(1, "2026-01-01", state: State.Disabled, seen: "2026-01-01", retired: "2026-04-08"), Version(2, "2026-04-01", seen: "2026-04-01")));

    [Fact]
    public void Decide_TheOldKeyWasRemovedAfterTheNewOneWasRetired_SaysSo() =>
        Assert.StartsWith(Empty, Decide("2026-04-20", Version(1, "2026-01-01", seen: "2026-01-01"), Version(2, "2026-04-01", state: State.Disabled, seen: "2026-04-01", retired: "2026-04-08")));

    [Fact]
    public void Decide_NewAttestorWithoutKeys_SaysSo() => Assert.StartsWith(Empty, Decide("2026-01-02", Version(1, "2026-01-01")));

    [Fact]
    public void Decide_AttestorWithForeignKeysOnly_SaysSo() => Assert.StartsWith(Empty, Decide("2026-04-02", Version(1, "2026-01-01"), ForeignKey(), Image("theirs", 0)));

    [Fact]
    public void Decide_ForeignKeyBesideOurs_IsLeftAlone() =>
        Assert.Equal("nothing until 2026-04-01 00:00:00", Decide("2026-03-01", Version(1, "2026-01-01", since: "2026-01-01"), ForeignKey()));

    [Fact]
    public void Decide_KeyWhoseVersionCloudKmsDoesNotHave_IsLeftAlone() =>
        Assert.Equal("nothing until 2026-04-01 00:00:00", Decide("2026-03-01", Version(1, "2026-01-01", since: "2026-01-01"), ForeignKey(Key.Version(7).PublicKeyId)));

    [Fact]
    public void Decide_KeyOfOursThatCannotBeRead_IsLeftAlone() =>
        Assert.Equal("nothing until 2026-06-30 00:00:00", Decide("2026-05-01", Version(2, "2026-04-01", since: "2026-04-01"), Version(1, "2026-01-01"), Unreadable(1), Image("web", 2)));

    [Fact]
    public void Decide_TheSuccessorIsListedInAFormThatCannotBeRead_MakesAnother() =>
        Assert.Equal("create EC_SIGN_P256_SHA256", Decide("2026-04-01", Version(1, "2026-01-01", since: "2026-01-01"), Version(2, "2026-04-01"), Unreadable(2)));

    [Fact]
    public void Decide_TheSameKeyIsListedTwice_IsNotItsOwnPredecessor() =>
        Assert.Equal("nothing until 2026-04-01 00:00:00", Decide("2026-03-01", Version(1, "2026-01-01", since: "2026-01-01"), ForeignKey(Key.Version(1).PublicKeyId)));

    [Fact]
    public void Decide_RetiredKeyWasPutBackWithAComment_IsTrustedForAnOverlap() =>
        Assert.Equal("nothing until 2026-05-08 00:05:00", Decide("2026-05-02", PutBack("2026-05-01"), Version(2, "2026-04-01", since: "2026-04-01")));

    [Fact]
    public void Decide_RetiredKeyWasPutBackWithACommentAnOverlapAgo_LosesTrustAgain() =>
        Assert.Equal("distrust 1", Decide("2026-05-08T00:05:00", PutBack("2026-05-01"), Version(2, "2026-04-01", since: "2026-04-01")));

    [Fact]
    public void Decide_RetiredKeyWasPutBackWithoutComment_LosesTrustAgain() =>
        Assert.Equal("distrust 1", Decide("2026-05-02", PutBack(""), Version(2, "2026-04-01", since: "2026-04-01")));

    [Fact]
    public void Decide_RetiredKeyWasPutBackForAnImageOfItsOwn_HasTheImageSigned() =>
        Assert.Equal("resign by 2: old weigh: none", Decide("2026-05-02", PutBack(""), Version(2, "2026-04-01", since: "2026-04-01"), Image("old", 1)));

    [Fact]
    public void Decide_RetiredVersionIsTrustedAndDisabled_IsNotDestroyed() =>
        Assert.Equal("resign by 2: old weigh: none", Decide("2026-05-20", Version(1, "2026-01-01", since: "2026-01-01", state: State.Disabled, retired: "2026-04-08"), Version(2, "2026-04-01", since: "2026-04-01"), Image("old", 1)));

    [Fact]
    public void Decide_VersionWasDisabledByHandAndNeverRetired_IsNotDestroyed() =>
        Assert.Equal("nothing until 2026-06-30 00:00:00", Decide("2026-06-20", Version(1, "2026-01-01", state: State.Disabled, seen: "2026-01-01"), Version(2, "2026-04-01", since: "2026-04-01")));

    private const string Empty = "blocked: projects/p/attestors/a trusts no version of";

    private static Action<RotationScene> PutBack(string since) => Version(1, "2026-01-01", since: since, state: State.Disabled, seen: "2026-01-01", retired: "2026-04-08");

    private static Action<RotationScene> Unreadable(long number) => scene => scene.Keys.Add(new AttestorKey(Key.Version(number).PublicKeyId, Pem, null, ""));
}
