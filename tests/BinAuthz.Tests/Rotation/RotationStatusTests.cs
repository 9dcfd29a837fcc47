using BinAuthz.Keys;
using BinAuthz.Rotation;
using static BinAuthz.Tests.Rotation.RotationSamples;
using KmsState = Google.Cloud.Kms.V1.CryptoKeyVersion.Types.CryptoKeyVersionState;

namespace BinAuthz.Tests.Rotation;

public sealed class RotationStatusTests
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact]
    public void From_OneTrustedVersion_SignsAndGetsASuccessorWhenItsLifetimeIsOver()
    {
        var status = Of(StateOf([Version(1, 10 * Day)], [Listed(1, 9 * Day)]));

        var version = Assert.Single(status.Versions);
        Assert.Equal((VersionRole.Signs, Now - (9 * Day), Now + (80 * Day), "gets a successor"), (version.Role, version.TrustedSince, version.NextAt, version.NextWhat));
        Assert.Same(version, status.Signing);
        Assert.Null(status.Live);
        Assert.Null(version.Images);
    }

    [Fact]
    public void From_SuccessorWithinPropagation_WaitsWhileTheOldOneSigns()
    {
        var status = Of(StateOf([Version(1, 91 * Day), Version(2, 2 * Minute)], [Listed(1, 90 * Day), Listed(2, Minute)], [Record(1, KeyRecordKind.Trusted, 90 * Day), Record(2, KeyRecordKind.Trusted, Minute)], new LiveImages([], [], [])));

        Assert.Equal([(VersionRole.Propagates, "signs"), (VersionRole.Signs, "loses trust")], status.Versions.Select(version => (version.Role, version.NextWhat)));
        Assert.Equal([Now + (4 * Minute), Now + (4 * Minute) + (7 * Day)], status.Versions.Select(version => version.NextAt));
        Assert.IsType<RotationStep.Propagate>(status.Next);
        Assert.Equal(Now + (4 * Minute), status.NextAt);
    }

    [Fact]
    public void From_OverlapWithImages_CountsWhatEachVersionAttests()
    {
        var live = new LiveImages([Attested(1, 1), Attested(2, 1, 2), Attested(3, 2)], [], ["the cluster's pods could not be read"]);

        var status = Of(StateOf([Version(1, 91 * Day), Version(2, Day)], [Listed(1, 90 * Day), Listed(2, Day)], live: live));

        Assert.Equal([(VersionRole.Signs, 2, 1), (VersionRole.Old, 2, 1)], status.Versions.Select(version => (version.Role, version.Images ?? -1, version.OnlyIts ?? -1)));
        Assert.Equal((3, 1), (status.Live, status.Lacking));
        Assert.Equal(["the cluster's pods could not be read"], status.Warnings);
        Assert.Null(status.NextAt);
    }

    [Fact]
    public void From_VersionsWithoutTrust_TellsWhyEachHasNone()
    {
        KeyRecord[] records =
        [
            Record(1, KeyRecordKind.Trusted, 300 * Day), Record(1, KeyRecordKind.Retired, 50 * Day), Record(2, KeyRecordKind.Revoked, 10 * Day),
            Record(3, KeyRecordKind.Trusted, 20 * Day), Record(5, KeyRecordKind.Trusted, 10 * Day),
        ];
        var status = Of(StateOf(
            [
                Version(1, 300 * Day, KmsState.DestroyScheduled, Now + Day), Version(2, 200 * Day, KmsState.Disabled), Version(3, 100 * Day), Version(4, 90 * Day),
                Version(5, 10 * Day), Version(6, Minute, KmsState.PendingGeneration), Version(7, Minute, KmsState.GenerationFailed),
            ],
            [Listed(5, 10 * Day)],
            records,
            new LiveImages([], [], [])));

        Assert.Equal(
            [VersionRole.Unused, VersionRole.Successor, VersionRole.Signs, VersionRole.Unused, VersionRole.RemovedByHand, VersionRole.Revoked, VersionRole.Retired],
            status.Versions.Select(version => version.Role));
        Assert.Equal((Now + (20 * Day), "has its destruction scheduled"), (status.Versions[5].NextAt, status.Versions[5].NextWhat));
        Assert.Equal((Now + Day, "is destroyed"), (status.Versions[6].NextAt, status.Versions[6].NextWhat));
    }

    [Fact]
    public void From_TrustedVersionDisabledByHand_CannotSign()
    {
        var status = Of(StateOf([Version(1, 50 * Day), Version(2, 10 * Day, KmsState.Disabled)], [Listed(1, 50 * Day), Listed(2, 10 * Day)], live: new LiveImages([], [], [])));

        Assert.Equal([VersionRole.CannotSign, VersionRole.Signs], status.Versions.Select(version => version.Role));
    }

    [Fact]
    public void From_RevokedAndStillListed_IsTheOneThatLosesTrustNow()
    {
        var status = Of(StateOf([Version(1, 50 * Day)], [Listed(1, 50 * Day)], [Record(1, KeyRecordKind.Revoked, Minute)], new LiveImages([], [], [])));

        Assert.Equal((VersionRole.Revoked, Now, "loses trust"), (status.Versions[0].Role, status.Versions[0].NextAt, status.Versions[0].NextWhat));
        Assert.IsType<RotationStep.Distrust>(status.Next);
    }

    [Fact]
    public void From_ForeignKey_IsReportedWithItsImages()
    {
        var foreign = new AttestorKey("ni:///sha-256;abc", Pem, SignatureAlgorithm.Default, "the auditors'");
        var live = new LiveImages([new LiveImage(Image(1), new HashSet<string> { foreign.Id }, IsRunning: true)], [], []);

        var status = Of(StateOf([Version(1, 10 * Day)], [Listed(1, 9 * Day), foreign], live: live));

        Assert.Equal([(foreign, 1, 1)], status.Foreign.Select(key => (key.Key, key.Images ?? -1, key.OnlyIts ?? -1)));
        Assert.Equal(0, status.Lacking);
    }

    [Fact]
    public void From_AfterARevocation_TellsWhatWaitsWhatStaysBlockedAndWhatRuns()
    {
        var version = Key.Version(1);
        AffectedImage[] affected =
        [
            new(Image(1), version, Now - (20 * Day), PredatesCompromise: true, WasWeighed: false, IsRunning: false),
            new(Image(2), version, Now - (20 * Day), PredatesCompromise: true, WasWeighed: true, IsRunning: true),
            new(Image(3), version, Now - Day, PredatesCompromise: false, WasWeighed: false, IsRunning: false),
        ];

        var status = Of(StateOf([Version(1, 50 * Day, KmsState.Disabled), Version(2, Day)], [Listed(2, Day)], [Record(1, KeyRecordKind.Revoked, Day), Record(2, KeyRecordKind.Trusted, Day)], new LiveImages([], affected, [])));

        Assert.Equal([Image(1)], status.Recoverable.Select(image => image.Image));
        Assert.Equal([Image(2), Image(3)], status.Blocked.Select(image => image.Image));
        Assert.Equal([Image(2)], status.Running.Select(image => image.Image));
    }

    [Fact]
    public void From_EmptiedAttestor_IsBlocked()
    {
        var status = Of(StateOf([Version(1, 50 * Day)], []));

        Assert.True(status.IsBlocked);
        Assert.Null(status.Signing);
        Assert.Null(status.NextAt);
    }

    private static RotationStatus Of(RotationState state) => RotationStatus.From(Now, new RotationReport(state, [], RotationPolicy.Decide(Now, state, StandardWindows)), StandardWindows);
}
