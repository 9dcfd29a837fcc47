using BinAuthz.Rotation;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using State = Google.Cloud.Kms.V1.CryptoKeyVersion.Types.CryptoKeyVersionState;

namespace BinAuthz.Tests.Rotation;

/// <summary>What holds for every state. That <see cref="RotationPolicy.Decide"/> throws for none is part of each.</summary>
public sealed class RotationPolicyPropertyTests
{
    [Property(Arbitrary = [typeof(AnyRotation)], MaxTest = 400)]
    public bool Decide_DistrustWithoutRevocation_LeavesEveryLiveImageAKey(AnyRotation any)
    {
        var state = any.ToState();

        return Decide(state) is not RotationStep.Distrust { IsRevoked: false } distrust
            || state.Live!.Attested.All(image => image.KeyIds.Any(id => id != distrust.Version.PublicKeyId && state.Attestor.Keys.Any(key => key.Id == id)));
    }

    [Property(Arbitrary = [typeof(AnyRotation)], MaxTest = 400)]
    public bool Decide_DistrustWithoutRevocation_LeavesAKeyThatSigns(AnyRotation any)
    {
        var state = any.ToState();

        return Decide(state) is not RotationStep.Distrust { IsRevoked: false } distrust
            || state.Trusted.Any(trusted => trusted.Version.Name != distrust.Version && trusted.Version.State == State.Enabled);
    }

    [Property(Arbitrary = [typeof(AnyRotation)], MaxTest = 400)]
    public bool Decide_Trust_IsOfAVersionThatWasNeverTrusted(AnyRotation any)
    {
        var state = any.ToState();

        return Decide(state) is not RotationStep.Trust trust
            || (state.Records.All(record => record.Version != trust.Version)
                && state.Attestor.Keys.All(key => key.Id != trust.Version.PublicKeyId)
                && state.Versions.Single(version => version.Name == trust.Version) is { State: State.Enabled, IsImported: false });
    }

    [Property(Arbitrary = [typeof(AnyRotation)], MaxTest = 400)]
    public bool Decide_DisableOrDestroy_IsOfAVersionThatLostTrustByARecord(AnyRotation any)
    {
        var state = any.ToState();
        var version = Decide(state) switch
        {
            RotationStep.Disable disable => disable.Version,
            RotationStep.ScheduleDestroy destroy => destroy.Version,
            _ => null,
        };

        return version is null
            || (state.Attestor.Keys.All(key => key.Id != version.PublicKeyId) && state.Records.Any(record => record.Version == version && record.Kind != KeyRecordKind.Trusted));
    }

    [Property(Arbitrary = [typeof(AnyRotation)], MaxTest = 400)]
    public bool Decide_AnyRevokedVersionIsListed_DistrustsOneFirst(AnyRotation any)
    {
        var state = any.ToState();
        var revoked = state.Records.Where(record => record.Kind == KeyRecordKind.Revoked && state.Attestor.Keys.Any(key => key.Id == record.Version.PublicKeyId)).Select(record => record.Version).ToArray();
        var step = Decide(state);

        return revoked.Length == 0 ? step is not RotationStep.Distrust { IsRevoked: true } : step is RotationStep.Distrust { IsRevoked: true } distrust && revoked.Contains(distrust.Version);
    }

    [Property(Arbitrary = [typeof(AnyRotation)], MaxTest = 400)]
    public bool Decide_Waits_NeverUntilThePast(AnyRotation any) => Decide(any.ToState()) switch
    {
        RotationStep.Nothing nothing => nothing.Until >= AnyRotation.Now,
        RotationStep.Propagate propagate => propagate.Until > AnyRotation.Now,
        _ => true,
    };

    [Property(Arbitrary = [typeof(AnyRotation)], MaxTest = 400)]
    public bool Decide_WithoutImages_IsTheSameWhereTheyHaveNoSay(AnyRotation any)
    {
        var state = any.ToState();

        return state.NeedsImages || RotationScene.Words(Decide(state with { Live = null })) == RotationScene.Words(Decide(state with { Live = new LiveImages([], [], []) }));
    }

    [Property(MaxTest = 100)]
    public bool Decide_AgainAndAgainFromAnyPointOfARotation_EndsWithOneKeyAndTheOldVersionsDestroyed(int seed)
    {
        var life = new RotationLife(seed);
        life.Begin();

        return life.FinishesWithin(RotationScene.Usual.Lifetime + TimeSpan.FromDays(38));
    }

    [Fact]
    public void Decide_RandomStates_ReachEveryStep()
    {
        var steps = AnyRotation.Arbitrary().Generator.Sample(numberOfSamples: 4000, seed: new Rnd(20261126, 1), size: 50).CountBy(any => Decide(any.ToState()).GetType().Name).ToDictionary();

        Assert.All(typeof(RotationStep).GetNestedTypes(), step => Assert.True(steps.GetValueOrDefault(step.Name) > 0, string.Join(", ", steps)));
    }

    private static RotationStep Decide(RotationState state) => RotationPolicy.Decide(AnyRotation.Now, state, RotationScene.Usual with { Propagation = TimeSpan.FromHours(12) });
}
