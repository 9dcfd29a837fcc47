using System.Diagnostics.Metrics;
using BinAuthz.Attestations;

namespace BinAuthz.Rotation;

/// <summary>Where rotations stand, as numbers: the meter <c>BinAuthz.Rotation</c>. Each has the tag <c>attestor</c>.</summary>
internal sealed class RotationMetrics : IDisposable
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "BinAuthz.Rotation";

    private const string Attestor = "attestor";
    private readonly Meter meter = new(MeterName);
    private readonly Gauge<long> trusted;
    private readonly Gauge<long> live;
    private readonly Gauge<long> lacking;
    private readonly Gauge<long> affected;
    private readonly Gauge<double> age;
    private readonly Counter<long> steps;

    public RotationMetrics()
    {
        trusted = meter.CreateGauge<long>("binauthz.rotation.trusted_versions", "{version}", "Key versions that the attestor lists.");
        live = meter.CreateGauge<long>("binauthz.rotation.live_images", "{image}", "Images that may be deployed and have a valid attestation; not told while nothing depends on it.");
        lacking = meter.CreateGauge<long>("binauthz.rotation.lacking_images", "{image}", "Images without an attestation by the newest trusted version.");
        affected = meter.CreateGauge<long>("binauthz.rotation.affected_images", "{image}", "Images that lost their last valid attestation by a revocation.");
        age = meter.CreateGauge<double>("binauthz.rotation.signing_version_age", "s", "How long ago the version that signs was made.");
        steps = meter.CreateCounter<long>("binauthz.rotation.steps", "{step}", "Steps that were performed, by the tag step.");
    }

    /// <summary>Tells where a rotation stands.</summary>
    public void Record(RotationStatus status)
    {
        var attestor = Tag(status.Attestor);
        trusted.Record(status.Versions.Count(version => version.TrustedSince is not null), attestor);
        if (status.Live is { } images)
        {
            live.Record(images, attestor);
            lacking.Record(status.Lacking, attestor);
            affected.Record(status.Recoverable.Count + status.Blocked.Count, attestor);
        }

        if (status.Signing is { } signing)
        {
            age.Record(signing.Age.TotalSeconds, attestor);
        }
    }

    /// <summary>Counts a step that was performed.</summary>
    public void Count(AttestorName attestor, RotationStep step) => steps.Add(1, Tag(attestor), KeyValuePair.Create<string, object?>("step", step.Code));

    public void Dispose() => meter.Dispose();

    private static KeyValuePair<string, object?> Tag(AttestorName attestor) => KeyValuePair.Create<string, object?>(Attestor, attestor.ToString());
}
