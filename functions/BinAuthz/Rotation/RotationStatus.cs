using BinAuthz.Attestations;
using BinAuthz.GoogleCloud;
using BinAuthz.Keys;
using State = Google.Cloud.Kms.V1.CryptoKeyVersion.Types.CryptoKeyVersionState;

namespace BinAuthz.Rotation;

/// <summary>Where a rotation stands, for people and metrics: derived from what was read, and nothing else.</summary>
/// <param name="Attestor">Whose keys.</param>
/// <param name="Key">Whose versions are rotated.</param>
/// <param name="Versions">All versions, the newest first.</param>
/// <param name="Foreign">The attestor's other keys.</param>
/// <param name="Next">What is due, or why nothing is.</param>
internal sealed record RotationStatus(AttestorName Attestor, KeyName Key, IReadOnlyList<VersionStatus> Versions, IReadOnlyList<ForeignKeyStatus> Foreign, RotationStep Next)
{
    /// <summary>How many images may be deployed and have a valid attestation; null: not read, because nothing depends on it now.</summary>
    public int? Live { get; private init; }

    /// <summary>How many of those lack an attestation by the newest trusted version, and lose theirs with the old one.</summary>
    public int Lacking { get; private init; }

    /// <summary>What lost its last valid attestation by a revocation and is to be approved anew.</summary>
    public IReadOnlyList<AffectedImage> Recoverable { get; private init; } = [];

    /// <summary>What lost its last valid attestation by a revocation and stays blocked until a new push or scan has it approved.</summary>
    public IReadOnlyList<AffectedImage> Blocked { get; private init; } = [];

    /// <summary>What is admitted only for the sake of an attestation that others may have made, and loses that next.</summary>
    public IReadOnlyList<TaintedImage> Tainted { get; private init; } = [];

    /// <summary>What runs although it would not be admitted any more.</summary>
    public IReadOnlyList<AffectedImage> Running => [.. Recoverable.Concat(Blocked).Where(image => image.IsRunning)];

    /// <summary>What could not be read of the images, and what that means.</summary>
    public IReadOnlyList<string> Warnings { get; private init; } = [];

    /// <summary>Whether somebody has to mend something.</summary>
    public bool IsBlocked => Next is RotationStep.Blocked;

    /// <summary>When something is due next, UTC; null: now, or when somebody has mended what blocks.</summary>
    public DateTimeOffset? NextAt => NextOf(Next);

    /// <summary>The version that signs; null: none can.</summary>
    public VersionStatus? Signing => Versions.FirstOrDefault(version => version.Role == VersionRole.Signs);

    /// <summary>When a step is due, UTC; null: now, or when somebody has mended what blocks.</summary>
    public static DateTimeOffset? NextOf(RotationStep step) => step switch
    {
        RotationStep.Nothing nothing => nothing.Until,
        RotationStep.Propagate propagate => propagate.Until,
        _ => null,
    };

    /// <summary>Derives it.</summary>
    /// <param name="now">The time, UTC.</param>
    /// <param name="report">What was read, and what follows.</param>
    /// <param name="windows">The windows of time.</param>
    public static RotationStatus From(DateTimeOffset now, RotationReport report, RotationWindows windows)
    {
        var state = report.State;
        var newest = RotationPolicy.Newest(state);
        var images = new AttestedBy(state.Live?.Attested);
        KeyVersionName[] enabled = [.. state.Versions.Where(version => version.IsEnabled).Select(version => version.Name)];
        var signing = (SigningKeySelector.Select(state.Attestor.Keys, enabled, windows.Propagation, now) as SigningKeySelection.Selected)?.Version;
        IReadOnlyList<AffectedImage> affected = state.Live?.Affected ?? [];
        return new RotationStatus(
            state.Attestor.Name,
            state.Key,
            [.. state.Versions.OrderByDescending(version => version.Name.Version).Select(version => Describe(now, state, windows, version, signing, images))],
            [.. state.Foreign.Select(key => new ForeignKeyStatus(key, images.All(key.Id), images.Only(key.Id)))],
            report.Next)
        {
            Live = state.Live?.Attested.Count,
            Lacking = newest is null || state.Live is null ? 0 : RotationPolicy.Lacking(state, newest).Count,
            Recoverable = [.. affected.Where(image => image.IsRecoverable)],
            Blocked = [.. affected.Where(image => !image.IsRecoverable)],
            Tainted = state.Live?.Tainted ?? [],
            Warnings = state.Live?.Warnings ?? [],
        };
    }

    private static VersionStatus Describe(DateTimeOffset now, RotationState state, RotationWindows windows, KeyVersionDescription version, KeyVersionName? signing, AttestedBy images)
    {
        var trusted = state.Trusted.FirstOrDefault(each => each.Version.Name == version.Name);
        var (at, what) = trusted is null ? Later(state, windows, version) : Later(now, state, windows, trusted);
        return new VersionStatus(
            version,
            trusted is null ? Role(state, version) : Role(state, trusted, signing),
            now - version.Created,
            trusted is null ? null : state.Since(trusted),
            images.All(version.Name.PublicKeyId),
            images.Only(version.Name.PublicKeyId))
        {
            NextAt = at,
            NextWhat = what,
        };
    }

    private static VersionRole Role(RotationState state, TrustedVersion trusted, KeyVersionName? signing) =>
        state.IsRevoked(trusted.Version.Name) ? VersionRole.Revoked
        : trusted.Version.Name == signing ? VersionRole.Signs
        : !trusted.IsUsable ? VersionRole.CannotSign
        : trusted.Version.Name == RotationPolicy.Newest(state)?.Version.Name ? VersionRole.Propagates
        : VersionRole.Old;

    private static VersionRole Role(RotationState state, KeyVersionDescription version)
    {
        if (state.RecordsOf(version.Name).Any())
        {
            return state.IsRevoked(version.Name) ? VersionRole.Revoked
                : RotationPolicy.LostTrust(state, version.Name) is not null ? VersionRole.Retired
                : VersionRole.RemovedByHand;
        }

        return version.State is State.Enabled or State.PendingGeneration && state.Trusted.All(trusted => trusted.Version.Name.Version < version.Name.Version)
            ? VersionRole.Successor
            : VersionRole.Unused;
    }

    private static (DateTimeOffset? At, string What) Later(DateTimeOffset now, RotationState state, RotationWindows windows, TrustedVersion trusted)
    {
        if (state.IsRevoked(trusted.Version.Name))
        {
            return (now, "loses trust");
        }

        var newest = RotationPolicy.Newest(state);
        var isNewest = trusted.Version.Name == newest?.Version.Name;
        if (newest is not null && !isNewest)
        {
            return (RotationPolicy.TrustedUntil(state, newest, trusted, windows), "loses trust");
        }

        return !isNewest ? (null, "")
            : state.Trusted.Count > 1 && RotationPolicy.After(state.Since(trusted), windows.Propagation) is var signs && signs > now ? (signs, "signs")
            : (RotationPolicy.After(trusted.Version.Created, windows.Lifetime), "gets a successor");
    }

    private static (DateTimeOffset? At, string What) Later(RotationState state, RotationWindows windows, KeyVersionDescription version) => version.State switch
    {
        State.Disabled when RotationPolicy.LostTrust(state, version.Name) is { } lost => (RotationPolicy.After(lost, windows.DisabledBeforeDestroy), "has its destruction scheduled"),
        State.DestroyScheduled when version.Destroyed is not null => (version.Destroyed, "is destroyed"),
        _ => (null, ""),
    };

    private sealed class AttestedBy(IReadOnlyList<LiveImage>? live)
    {
        public int? All(string keyId) => live?.Count(image => image.KeyIds.Contains(keyId));

        public int? Only(string keyId) => live?.Count(image => image.KeyIds.Count == 1 && image.KeyIds.Contains(keyId));
    }
}
