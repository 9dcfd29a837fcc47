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
        Revoke(state) ?? Record(state) ?? Disable(state) ?? Signable(now, state, windows);

    /// <summary>The usable version that signs, or will when its window is over: the newest.</summary>
    public static TrustedVersion? Newest(RotationState state) => state.Trusted.FirstOrDefault(trusted => trusted.IsUsable);

    /// <summary>The images that lack an attestation by <paramref name="newest"/> and have one by another version, which will lose trust.</summary>
    public static IReadOnlyList<ImageReference> Lacking(RotationState state, TrustedVersion newest)
    {
        var old = state.Trusted.Where(trusted => trusted != newest).Select(trusted => trusted.Key.Id).ToHashSet(StringComparer.Ordinal);
        return [.. Live(state).Attested.Where(image => !image.KeyIds.Contains(newest.Key.Id) && image.KeyIds.Overlaps(old)).Select(image => image.Image)];
    }

    /// <summary>
    /// When an older version loses trust, unless an image still needs it then. A version that was put back by hand is trusted
    /// for an overlap, too, if its comment says when that was.
    /// </summary>
    public static DateTimeOffset TrustedUntil(RotationState state, TrustedVersion newest, TrustedVersion other, RotationWindows windows) =>
        Later(state.Since(newest), state.Since(other)) + windows.Propagation + windows.Overlap;

    /// <summary>When a version was to lose trust by us, the latest time; null: by us it was not.</summary>
    public static DateTimeOffset? LostTrust(RotationState state, KeyVersionName version) =>
        state.RecordsOf(version).LastOrDefault(record => record.Kind is KeyRecordKind.Retired or KeyRecordKind.Revoked)?.At;

    private static RotationStep.Distrust? Revoke(RotationState state) =>
        state.Trusted.FirstOrDefault(trusted => state.IsRevoked(trusted.Version.Name)) is { } compromised
            ? new RotationStep.Distrust(compromised.Version.Name, IsRevoked: true, "it was revoked")
            : null;

    private static RotationStep.RecordTrust? Record(RotationState state) =>
        state.Trusted.FirstOrDefault(trusted => trusted.Key.Pem is not null && trusted.Key.Algorithm is not null && !state.RecordsOf(trusted.Version.Name).Any()) is { } unrecorded
            ? new RotationStep.RecordTrust(unrecorded.Version.Name)
            : null;

    // A version without trust is of no use; what a person removed by hand is left as it is.
    private static RotationStep.Disable? Disable(RotationState state) =>
        state.Versions.FirstOrDefault(version => version.IsEnabled && !state.IsTrusted(version.Name) && LostTrust(state, version.Name) is not null) is { } useless
            ? new RotationStep.Disable(useless.Name)
            : null;

    private static RotationStep Signable(DateTimeOffset now, RotationState state, RotationWindows windows)
    {
        var newest = Newest(state);
        if (newest is null)
        {
            return (RotationStep?)WhyNotBegin(state) ?? Succeed(now, state, windows, 0, "no version that the attestor trusts can sign");
        }

        var since = state.Since(newest);
        if (since > now + LargestSkew)
        {
            return new RotationStep.Blocked(
                $"{newest.Version.Name} is trusted since {Rfc3339.Write(since)}, says its comment on {state.Attestor.Name}, which is still to come.",
                "Correct the comment, or the clock.");
        }

        var others = state.Trusted.Where(trusted => trusted != newest).ToArray();
        if (others.Length > 0 && since + windows.Propagation is var known && known > now)
        {
            return new RotationStep.Propagate(newest.Version.Name, known);
        }

        return Resign(state, newest)
            ?? Retire(now, state, windows, newest, others)
            ?? (others.Length == 0 && WhyDue(now, newest, state, windows) is { } why ? Succeed(now, state, windows, newest.Version.Name.Version, why) : null)
            ?? (RotationStep?)Destroy(now, state, windows)
            ?? Wait(now, state, windows, newest, others);
    }

    private static RotationStep.Resign? Resign(RotationState state, TrustedVersion newest)
    {
        var lacking = Lacking(state, newest);
        ImageReference[] again = [.. Live(state).Affected.Where(image => image.IsRecoverable).Select(image => image.Image)];
        return lacking.Count + again.Length > 0 ? new RotationStep.Resign(newest.Version.Name, lacking, again) : null;
    }

    // The oldest first, one at a time: each is decided on a state that was read after the one before.
    private static RotationStep.Distrust? Retire(DateTimeOffset now, RotationState state, RotationWindows windows, TrustedVersion newest, TrustedVersion[] others) =>
        others.LastOrDefault(other => now >= TrustedUntil(state, newest, other, windows)) is { } old
            ? new RotationStep.Distrust(old.Version.Name, IsRevoked: false, $"{newest.Version.Name} has signed all {Live(state).Attested.Count} images that may be deployed, and the overlap is over")
            : null;

    private static string? WhyDue(DateTimeOffset now, TrustedVersion newest, RotationState state, RotationWindows windows)
    {
        var version = newest.Version;
        return now >= version.Created + windows.Lifetime ? $"{version.Name} is {(int)(now - version.Created).TotalDays} days old"
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

        var later = state.Versions.Where(version => version.Name.Version > after && !state.IsTrusted(version.Name) && !state.RecordsOf(version.Name).Any()).OrderByDescending(version => version.Name.Version).ToArray();
        var fresh = later.Where(version => version.Algorithm == algorithm && !version.IsImported && now - version.Created < windows.Lifetime / 2).ToArray();
        if (fresh.FirstOrDefault(version => version.IsEnabled) is { } candidate)
        {
            return state.Attestor.Keys.Count < MaximumKeys
                ? new RotationStep.Trust(candidate.Name, why)
                : new RotationStep.Blocked($"{state.Attestor.Name} has {state.Attestor.Keys.Count} keys, and may not have more than {MaximumKeys}.", "Remove keys that nothing needs: gcloud container binauthz attestors public-keys remove.");
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

    // Whoever emptied the attestor by hand had a reason: its key is not put back.
    private static RotationStep.Blocked? WhyNotBegin(RotationState state) =>
        state.Trusted.Count == 0 && (state.Records.Select(record => record.Version).MaxBy(version => version.Version) is not { } last || LostTrust(state, last) is null)
            ? new RotationStep.Blocked(
                $"{state.Attestor.Name} trusts no version of {state.Key}, and no record tells that the last one was revoked.",
                "If the attestor is new, run `binauthz setup`. If somebody removed the key because it is compromised, say so with `binauthz rotate revoke`, which also makes its successor.")
            : null;

    private static RotationStep.ScheduleDestroy? Destroy(DateTimeOffset now, RotationState state, RotationWindows windows) =>
        Doomed(state).FirstOrDefault(each => now >= each.LostTrust + windows.DisabledBeforeDestroy) is { Version: { } version }
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
            : [(At: newest.Version.Created + windows.Lifetime, Why: $"{newest.Version.Name} then gets a successor")];
        var destroys = Doomed(state).Select(each => (At: each.LostTrust + windows.DisabledBeforeDestroy, Why: $"the destruction of {each.Version} is scheduled then"));
        var next = due.Concat(destroys).MinBy(each => each.At);
        return new RotationStep.Nothing(Later(next.At, now), next.Why);
    }

    private static SignatureAlgorithm? Wanted(RotationState state, RotationWindows windows) => windows.Algorithm ?? state.Template;

    private static LiveImages Live(RotationState state) => state.Live ?? (state.NeedsImages
        ? throw new InvalidOperationException("What may still be deployed has a say, and was not read.")
        : new LiveImages([], [], []));

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;
}
