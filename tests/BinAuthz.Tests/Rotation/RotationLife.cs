using BinAuthz.GoogleCloud;
using BinAuthz.Keys;
using BinAuthz.Rotation;
using State = Google.Cloud.Kms.V1.CryptoKeyVersion.Types.CryptoKeyVersionState;

namespace BinAuthz.Tests.Rotation;

/// <summary>What steps do to a state, without any Google: time runs, images come, Cloud KMS fails now and then, runs are stopped, keys are revoked.</summary>
internal sealed class RotationLife(int seed)
{
    private readonly Random dice = new(seed);
    private readonly RotationScene scene = new();
    private DateTimeOffset now = RotationScene.At("2026-01-01");
    private int images;

    /// <summary>Lives for up to 400 days, so that any point of a rotation may be the last.</summary>
    public void Begin()
    {
        RotationScene.Version(1, "2026-01-01", since: "2026-01-01", unrecorded: true)(scene);
        for (var end = now.AddDays(dice.Next(400)); now < end; Happen())
        {
            Advance();
        }
    }

    /// <summary>Lives on undisturbed until a version that was made from now on is the only trusted one and all before it are destroyed.</summary>
    /// <returns>False: that did not come to pass in time.</returns>
    /// <exception cref="InvalidOperationException">A live image was left without a key, or the rotation blocked.</exception>
    public bool FinishesWithin(TimeSpan time)
    {
        var start = now;
        while (now < start + time)
        {
            var state = scene.ToState();
            if (state.Trusted is [{ } only] && only.Version.Created >= start && state.Versions.All(version => version.State == State.DestroyScheduled || state.RecordsOf(version.Name).All(record => record.Kind == KeyRecordKind.Trusted)))
            {
                return true;
            }

            Advance();
        }

        return false;
    }

    // What Nothing and Propagate wait for may be missed, as by a schedule.
    private void Advance()
    {
        var step = RotationPolicy.Decide(now, scene.ToState(), RotationScene.Usual);
        var before = now;
        Perform(step);
        now = now == before ? now.AddSeconds(1) : now;
        Check(step);
    }

    private void Check(RotationStep step)
    {
        if (step is RotationStep.Blocked blocked)
        {
            throw new InvalidOperationException($"{now:u}: {blocked.Detail}");
        }

        if (scene.Attested.FirstOrDefault(image => !image.KeyIds.Any(id => scene.Keys.Any(key => key.Id == id))) is { } denied)
        {
            throw new InvalidOperationException($"{now:u}: '{step.Detail}' left {denied.Image} without a key");
        }
    }

    private void Perform(RotationStep step)
    {
        switch (step)
        {
            case RotationStep.Nothing nothing:
                now = nothing.Until;
                break;
            case RotationStep.Propagate propagate:
                now = propagate.Until;
                break;
            case RotationStep.RecordTrust record:
                Record(record.Version, KeyRecordKind.Trusted);
                break;
            case RotationStep.RecordClear clear:
                Record(clear.Version, KeyRecordKind.Cleared);
                break;
            case RotationStep.CreateVersion create:
                scene.Versions.Add(new KeyVersionDescription(RotationScene.Key.Version(scene.Versions.Count + 1), State.PendingGeneration, create.Algorithm) { Created = now });
                break;
            case RotationStep.AwaitGeneration await:
                Change(await.Version, dice.Next(4) == 0 && scene.Versions.Count(version => version.State == State.GenerationFailed) < 2 ? State.GenerationFailed : State.Enabled);
                break;
            case RotationStep.Trust trust:
                scene.Keys.Add(new AttestorKey(trust.Version.PublicKeyId, RotationScene.Pem, RotationScene.P256, TrustedSince.Comment(now)));
                break;
            case RotationStep.Resign resign:
                Sign(resign);
                break;
            case RotationStep.Distrust distrust:
                Distrust(distrust);
                break;
            case RotationStep.Disable disable:
                Change(disable.Version, State.Disabled);
                break;
            case RotationStep.ScheduleDestroy destroy:
                Change(destroy.Version, State.DestroyScheduled);
                break;
        }
    }

    private void Distrust(RotationStep.Distrust distrust)
    {
        if (!distrust.IsRevoked)
        {
            Record(distrust.Version, KeyRecordKind.Retired);
        }

        var id = distrust.Version.PublicKeyId;
        scene.Keys.RemoveAll(key => key.Id == id);
        scene.Attested.RemoveAll(image => distrust.IsRevoked && !image.KeyIds.Any(each => scene.Keys.Any(key => key.Id == each)));
    }

    // Not all of them: a run may be over before.
    private void Sign(RotationStep.Resign resign)
    {
        foreach (var image in resign.Images.Where((_, index) => index == 0 || dice.Next(2) == 0))
        {
            var at = scene.Attested.FindIndex(each => each.Image == image);
            scene.Attested[at] = scene.Attested[at] with { KeyIds = scene.Attested[at].KeyIds.Append(resign.Version.PublicKeyId).ToHashSet() };
        }
    }

    private void Happen()
    {
        switch (dice.Next(12))
        {
            case 0:
                RotationScene.Image($"i{images++}", RotationPolicy.Newest(scene.ToState()) is { } newest ? [newest.Version.Name.Version] : [0])(scene);
                scene.Attested.RemoveAll(image => image.KeyIds.Contains(RotationScene.ForeignId));
                break;
            case 1 when dice.Next(3) == 0:
                Revoke(scene.Versions[dice.Next(scene.Versions.Count)]);
                break;
            case 2:
                now = now.AddHours(dice.Next(48));
                break;
            case 3 when dice.Next(3) == 0:
                Perform(new RotationStep.CreateVersion(RotationScene.P256, "another run made it at the same time"));
                Change(scene.Versions[^1].Name, State.Enabled);
                break;
        }
    }

    private void Revoke(KeyVersionDescription version)
    {
        if (version.State is State.Enabled or State.Disabled)
        {
            Record(version.Name, KeyRecordKind.Revoked);
        }
    }

    private void Record(KeyVersionName version, KeyRecordKind kind) => scene.Records.Add(new KeyRecord(version, kind, now, RotationScene.Pem, RotationScene.P256, "because"));

    private void Change(KeyVersionName version, State state)
    {
        var at = scene.Versions.FindIndex(each => each.Name == version);
        scene.Versions[at] = scene.Versions[at] with { State = state };
    }
}
