using BinAuthz.GoogleCloud;
using BinAuthz.Images;
using BinAuthz.Keys;
using State = Google.Cloud.Kms.V1.CryptoKeyVersion.Types.CryptoKeyVersionState;

namespace BinAuthz.Rotation;

/// <summary>
/// What is due now: one step, from the state as it was read. A compromised version loses trust before anything else; then a
/// rotation that has begun is finished; then a new one begins. No step removes a key that a deployable image needs, unless it
/// was revoked.
/// </summary>
internal static class RotationPolicy
{
    /// <summary>An attestor may have so many keys (docs: binary-authorization/quotas).</summary>
    public const int MaximumKeys = 1000;

    /// <summary>After so many versions that Cloud KMS failed to generate, a person has to look.</summary>
    public const int MaximumFailures = 3;

    /// <summary>A comment of an attestor's key may be so far ahead of the clock; more is no difference between clocks.</summary>
    public static readonly TimeSpan LargestSkew = TimeSpan.FromMinutes(10);

    /// <summary>Decides.</summary>
    /// <param name="now">The time, UTC.</param>
    /// <param name="state">What was read.</param>
    /// <param name="windows">The windows of time.</param>
    public static RotationStep Decide(DateTimeOffset now, RotationState state, RotationWindows windows) =>
        Urgent(state) ?? Clear(state) ?? Rotate(now, state, windows);

    /// <summary>What is due whatever the time is and whatever may be deployed; null: nothing of that kind.</summary>
    /// <param name="state">What was read; <see cref="RotationState.Live"/> is not looked at.</param>
    public static RotationStep? Urgent(RotationState state) => Revoke(state) ?? Record(state) ?? (RotationStep?)Disable(state);

    /// <summary>The usable version that signs, or will when its window is over: the newest.</summary>
    public static TrustedVersion? Newest(RotationState state) => state.Trusted.FirstOrDefault(trusted => trusted.IsUsable);

    /// <summary>The images that lack an attestation by <paramref name="newest"/> and have one by another version, which will lose trust.</summary>
    public static IReadOnlyList<ImageReference> Lacking(RotationState state, TrustedVersion newest)
    {
        var old = state.Trusted.Where(trusted => trusted.Version.Name != newest.Version.Name).Select(trusted => trusted.Key.Id).ToHashSet(StringComparer.Ordinal);
        return [.. Live(state).Attested.Where(image => !image.KeyIds.Contains(newest.Key.Id) && image.KeyIds.Overlaps(old)).Select(image => image.Image)];
    }

    /// <summary>
    /// When an older version loses trust, unless an image still needs it then. A version that was put back by hand is trusted
    /// for an overlap, too, if its comment says when that was.
    /// </summary>
    public static DateTimeOffset TrustedUntil(RotationState state, TrustedVersion newest, TrustedVersion other, RotationWindows windows) =>
        After(After(Later(state.Since(newest), state.Since(other)), windows.Propagation), windows.Overlap);

    /// <summary>When a version was to lose trust by us, the latest time; null: by us it was not.</summary>
    public static DateTimeOffset? LostTrust(RotationState state, KeyVersionName version) =>
        state.RecordsOf(version).LastOrDefault(record => record.Kind is KeyRecordKind.Retired or KeyRecordKind.Revoked)?.At;

    // By its record alone: Cloud KMS may have forgotten the version, and the attestor's key may be unreadable here.
    private static RotationStep.Distrust? Revoke(RotationState state) =>
        state.Records.FirstOrDefault(record => record.Kind == KeyRecordKind.Revoked && state.IsTrusted(record.Version)) is { } compromised
            ? new RotationStep.Distrust(compromised.Version, IsRevoked: true, "it was revoked")
            : null;

    private static RotationStep.RecordTrust? Record(RotationState state) =>
        state.Trusted.FirstOrDefault(trusted => !state.RecordsOf(trusted.Version.Name).Any()) is { } unrecorded
            ? new RotationStep.RecordTrust(unrecorded.Version.Name)
            : null;

    // A version without trust is of no use; what a person removed by hand is left as it is.
    private static RotationStep.Disable? Disable(RotationState state) =>
        state.Versions.FirstOrDefault(version => version.IsEnabled && !state.IsTrusted(version.Name) && LostTrust(state, version.Name) is not null) is { } useless
            ? new RotationStep.Disable(useless.Name)
            : null;

    // Before anything is signed anew: what was made for the sake of a forgery must not be handed on once more.
    private static RotationStep? Clear(RotationState state)
    {
        if (state.Uncleared is not [var revoked, ..])
        {
            return null;
        }

        ImageReference[] tainted = [.. Live(state).Tainted.Where(image => image.Version == revoked.Version).Select(image => image.Image)];
        return tainted.Length > 0 ? new RotationStep.Withdraw(revoked.Version, tainted) : new RotationStep.RecordClear(revoked.Version);
    }

    private static RotationStep Rotate(DateTimeOffset now, RotationState state, RotationWindows windows)
    {
        var newest = Newest(state);
        if (newest is null)
        {
            return (RotationStep?)WhyNotBegin(state) ?? Succeed(now, state, windows, 0, "no version that the attestor trusts can sign");
        }

        if (state.Trusted.FirstOrDefault(trusted => state.Since(trusted) - now > LargestSkew) is { } early)
        {
            return new RotationStep.Blocked(
                $"{early.Version.Name} is trusted since {Rfc3339.Write(state.Since(early))}, says its comment on {state.Attestor.Name} or its record, which is still to come.",
                "Correct the comment, or the clock.");
        }

        TrustedVersion[] others = [.. state.Trusted.Where(trusted => trusted.Version.Name != newest.Version.Name)];
        if (others.Length > 0 && After(state.Since(newest), windows.Propagation) is var known && known > now)
        {
            return (RotationStep?)Weigh(state, newest) ?? new RotationStep.Propagate(newest.Version.Name, known);
        }

        return Resign(state, newest)
            ?? Retire(now, state, windows, newest, others)
            ?? (others.Length == 0 && WhyDue(now, newest, state, windows) is { } why ? Succeed(now, state, windows, newest.Version.Name.Version, why) : null)
            ?? (RotationStep?)Destroy(now, state, windows)
            ?? Weigh(state, newest)
            ?? (RotationStep)Wait(now, state, windows, newest, others);
    }

    private static RotationStep.Resign? Resign(RotationState state, TrustedVersion newest)
    {
        var lacking = Lacking(state, newest);
        return lacking.Count > 0 ? new RotationStep.Resign(newest.Version.Name, lacking, Recoverable(state)) : null;
    }

    // Instead of a wait, and of nothing else: a scan that never ends must not keep a key from its successor.
    private static RotationStep.Resign? Weigh(RotationState state, TrustedVersion newest) =>
        Recoverable(state) is { Length: > 0 } again ? new RotationStep.Resign(newest.Version.Name, [], again) : null;

    private static ImageReference[] Recoverable(RotationState state) => [.. Live(state).Affected.Where(image => image.IsRecoverable).Select(image => image.Image).Distinct()];

    // The oldest first, one at a time: each is decided on a state that was read after the one before.
    private static RotationStep.Distrust? Retire(DateTimeOffset now, RotationState state, RotationWindows windows, TrustedVersion newest, TrustedVersion[] others) =>
        others.LastOrDefault(other => now >= TrustedUntil(state, newest, other, windows)) is { } old
            ? new RotationStep.Distrust(old.Version.Name, IsRevoked: false, $"{newest.Version.Name} has signed all {Live(state).Attested.Count} images that may be deployed, and the overlap is over")
            : null;

    private static string? WhyDue(DateTimeOffset now, TrustedVersion newest, RotationState state, RotationWindows windows)
    {
        var version = newest.Version;
        return now >= After(version.Created, windows.Lifetime) ? $"{version.Name} is {(int)(now - version.Created).TotalDays} days old"
            : version.Created < windows.RenewBefore ? "a rotation was asked for"
            : version.Algorithm != Wanted(state, windows) ? $"{version.Name} is for {version.Algorithm}, and {Wanted(state, windows)} is wanted"
            : null;
    }

    // The successor may be there already: made by a run that was stopped, or by hand.
    private static RotationStep Succeed(DateTimeOffset now, RotationState state, RotationWindows windows, long after, string why)
    {
        if (Wanted(state, windows) is not { } algorithm)
        {
            return new RotationStep.Blocked(
                $"{state.Key} makes versions of an algorithm that Binary Authorization does not accept.",
                $"Set {BinAuthzOptions.Section}:Rotation:{nameof(RotationOptions.Algorithm)}.");
        }

        if (state.Attestor.Keys.Count >= MaximumKeys)
        {
            return new RotationStep.Blocked(
                $"{state.Attestor.Name} has {state.Attestor.Keys.Count} keys, and may not have more than {MaximumKeys}.",
                "Remove keys that nothing needs: gcloud container binauthz attestors public-keys remove.");
        }

        var later = state.Versions.Where(version => version.Name.Version > after && !state.IsTrusted(version.Name) && !state.RecordsOf(version.Name).Any()).OrderByDescending(version => version.Name.Version).ToArray();
        var oldest = Oldest(now, state, windows);
        var fresh = later.Where(version => version.Algorithm == algorithm && !version.IsImported && version.Created > oldest).ToArray();
        if (fresh.FirstOrDefault(version => version.IsEnabled) is { } candidate)
        {
            return new RotationStep.Trust(candidate.Name, why);
        }

        if (fresh.FirstOrDefault(version => version.State == State.PendingGeneration) is { } pending)
        {
            return new RotationStep.AwaitGeneration(pending.Name);
        }

        KeyVersionDescription[] failed = [.. later.TakeWhile(version => version.State == State.GenerationFailed)];
        return failed.Length >= MaximumFailures
            ? new RotationStep.Blocked(
                $"Cloud KMS failed to generate the last {failed.Length} versions of {state.Key}: {failed[0].Failure}",
                "Mend what it names, then make a version by hand: gcloud kms keys versions create.")
            : new RotationStep.CreateVersion(algorithm, why);
    }

    // So old may a version be that nobody trusted yet. Whoever could sign with a version that was revoked could sign with its
    // siblings, too; the clocks here and at Cloud KMS may differ.
    private static DateTimeOffset Oldest(DateTimeOffset now, RotationState state, RotationWindows windows)
    {
        var half = now - (windows.Lifetime / 2);
        return state.Records.LastOrDefault(record => record.Kind == KeyRecordKind.Revoked) is { } revoked ? Later(half, revoked.At - LargestSkew) : half;
    }

    // Whoever emptied the attestor by hand had a reason: no key is put back. A revocation may empty it, and a version that was
    // retired left another there.
    private static RotationStep.Blocked? WhyNotBegin(RotationState state) =>
        state.Trusted.Count == 0 && state.Records.LastOrDefault(record => record.Kind == KeyRecordKind.Revoked || !state.IsRevoked(record.Version)) is not { Kind: KeyRecordKind.Revoked }
            ? new RotationStep.Blocked(
                $"{state.Attestor.Name} trusts no version of {state.Key}, and no record tells that the last one was revoked.",
                "If the attestor is new, run `binauthz setup`. If somebody removed the key because it is compromised, say so with `binauthz rotate revoke`, which also makes its successor.")
            : null;

    private static RotationStep.ScheduleDestroy? Destroy(DateTimeOffset now, RotationState state, RotationWindows windows) =>
        Doomed(state).FirstOrDefault(each => now >= After(each.LostTrust, windows.DisabledBeforeDestroy)) is { Version: { } version }
            ? new RotationStep.ScheduleDestroy(version)
            : null;

    private static IEnumerable<(KeyVersionName Version, DateTimeOffset LostTrust)> Doomed(RotationState state) =>
        from version in state.Versions
        where version.State == State.Disabled && !state.IsTrusted(version.Name)
        let lost = LostTrust(state, version.Name)
        where lost is not null
        select (version.Name, lost.Value);

    private static RotationStep.Nothing Wait(DateTimeOffset now, RotationState state, RotationWindows windows, TrustedVersion newest, TrustedVersion[] others)
    {
        var due = others.Length > 0
            ? others.Select(other => (At: TrustedUntil(state, newest, other, windows), Why: $"{other.Version.Name} then loses trust"))
            : [(At: After(newest.Version.Created, windows.Lifetime), Why: $"{newest.Version.Name} then gets a successor")];
        var destroys = Doomed(state).Select(each => (At: After(each.LostTrust, windows.DisabledBeforeDestroy), Why: $"the destruction of {each.Version} is scheduled then"));
        var next = due.Concat(destroys).MinBy(each => each.At);
        return new RotationStep.Nothing(Later(next.At, now), next.Why);
    }

    private static SignatureAlgorithm? Wanted(RotationState state, RotationWindows windows) => windows.Algorithm ?? state.Template;

    private static LiveImages Live(RotationState state) => state.Live ?? (state.NeedsImages
        ? throw new InvalidOperationException("What may still be deployed has a say, and was not read.")
        : new LiveImages([], [], []));

    /// <summary>A time plus a window; a record or a comment may name any time that can be written.</summary>
    public static DateTimeOffset After(DateTimeOffset time, TimeSpan window) => DateTimeOffset.MaxValue - time < window ? DateTimeOffset.MaxValue : time + window;

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;
}
