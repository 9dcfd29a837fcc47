using BinAuthz.Images;
using BinAuthz.Keys;

namespace BinAuthz.Rotation;

/// <summary>The one thing that is due now. Each leaves a state from which the next follows, and each can be done twice.</summary>
internal abstract record RotationStep
{
    private RotationStep()
    {
    }

    /// <summary>The word for logs, metrics and programs, such as <c>create-version</c>.</summary>
    public abstract string Code { get; }

    /// <summary>What it is and why, for people.</summary>
    public abstract string Detail { get; }

    /// <summary>Nothing is due.</summary>
    public sealed record Nothing(DateTimeOffset Until, string Why) : RotationStep
    {
        public override string Code => "nothing";

        public override string Detail => $"nothing is due until {Rfc3339.Write(Until)}: {Why}";
    }

    /// <summary>Writes down that the attestor lists a version, so that it is never trusted again once somebody has removed it.</summary>
    public sealed record RecordTrust(KeyVersionName Version) : RotationStep
    {
        public override string Code => "record-trust";

        public override string Detail => $"{Version} is trusted, and the evidence bucket does not say so yet";
    }

    /// <summary>Makes a key version.</summary>
    public sealed record CreateVersion(SignatureAlgorithm Algorithm, string Why) : RotationStep
    {
        public override string Code => "create-version";

        public override string Detail => $"a new version for {Algorithm}: {Why}";
    }

    /// <summary>Cloud KMS is still making a version.</summary>
    public sealed record AwaitGeneration(KeyVersionName Version) : RotationStep
    {
        public override string Code => "await-generation";

        public override string Detail => $"{Version} is being generated";
    }

    /// <summary>Adds a version's public key to the attestor.</summary>
    public sealed record Trust(KeyVersionName Version, string Why) : RotationStep
    {
        public override string Code => "trust";

        public override string Detail => $"the attestor is to trust {Version}: {Why}";
    }

    /// <summary>Waits until every admission controller knows a version.</summary>
    public sealed record Propagate(KeyVersionName Version, DateTimeOffset Until) : RotationStep
    {
        public override string Code => "propagate";

        public override string Detail => $"{Version} is trusted, and may sign from {Rfc3339.Write(Until)} on";
    }

    /// <summary>Has images signed anew by the signer.</summary>
    /// <param name="Version">With which.</param>
    /// <param name="Images">Those with a valid attestation, but none by <paramref name="Version"/>.</param>
    /// <param name="Reconsidered">Those that lost their attestation by a revocation and must pass approval anew.</param>
    public sealed record Resign(KeyVersionName Version, IReadOnlyList<ImageReference> Images, IReadOnlyList<ImageReference> Reconsidered) : RotationStep
    {
        public override string Code => "resign";

        public override string Detail => $"{Images.Count} images lack an attestation by {Version}, {Reconsidered.Count} are to pass approval anew";
    }

    /// <summary>Has attestations deleted that were made for the sake of one by a revoked version.</summary>
    public sealed record Withdraw(KeyVersionName Version, IReadOnlyList<ImageReference> Images) : RotationStep
    {
        public override string Code => "withdraw";

        public override string Detail => $"{Images.Count} images are admitted for the sake of attestations that others may have made with {Version}";
    }

    /// <summary>Writes down that a revoked version has left nothing behind.</summary>
    public sealed record RecordClear(KeyVersionName Version) : RotationStep
    {
        public override string Code => "record-clear";

        public override string Detail => $"no image is admitted for the sake of an attestation that others may have made with {Version}";
    }

    /// <summary>Removes a version's public key from the attestor.</summary>
    public sealed record Distrust(KeyVersionName Version, bool IsRevoked, string Why) : RotationStep
    {
        public override string Code => "distrust";

        public override string Detail => $"the attestor is to trust {Version} no more: {Why}";
    }

    /// <summary>Disables a version that lost trust.</summary>
    public sealed record Disable(KeyVersionName Version) : RotationStep
    {
        public override string Code => "disable";

        public override string Detail => $"{Version} is not trusted any more, and can still sign";
    }

    /// <summary>Schedules the destruction of a version that has been disabled for long.</summary>
    public sealed record ScheduleDestroy(KeyVersionName Version) : RotationStep
    {
        public override string Code => "schedule-destroy";

        public override string Detail => $"{Version} has been disabled for long enough";
    }

    /// <summary>Somebody has to mend something.</summary>
    public sealed record Blocked(string Reason, string Remedy) : RotationStep
    {
        public override string Code => "blocked";

        public override string Detail => $"{Reason} {Remedy}";
    }
}
