using System.Diagnostics.Metrics;
using BinAuthz.Rotation;
using static BinAuthz.Tests.Rotation.RotationSamples;

namespace BinAuthz.Tests.Rotation;

public sealed class RotationMetricsTests
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    [Fact]
    public void Record_Status_IsMeasuredForTheAttestor()
    {
        var live = new LiveImages([Attested(1, 1), Attested(2, 2)], [new AffectedImage(Image(3), Key.Version(1), Now - Day, true, false, false)], []);
        var state = StateOf([Version(1, 91 * Day), Version(2, 2 * Day)], [Listed(1, 90 * Day), Listed(2, Day)], live: live);
        using var metrics = new RotationMetrics();

        var measured = Measure(metrics, () => metrics.Record(RotationStatus.From(Now, new RotationReport(state, [], new RotationStep.Nothing(Now, "")), StandardWindows)));

        Assert.Equal(
            new Dictionary<string, double> { ["trusted_versions"] = 2, ["live_images"] = 2, ["lacking_images"] = 1, ["affected_images"] = 1, ["signing_version_age"] = 2 * 86_400 },
            measured);
    }

    [Fact]
    public void Record_ImagesNotRead_AreNotMeasuredAsNone()
    {
        using var metrics = new RotationMetrics();

        var measured = Measure(metrics, () => metrics.Record(RotationStatus.From(Now, new RotationReport(StateOf([], []), [], new RotationStep.Nothing(Now, "")), StandardWindows)));

        Assert.Equal(new Dictionary<string, double> { ["trusted_versions"] = 0 }, measured);
    }

    [Fact]
    public void Count_Step_IsCountedByItsWord()
    {
        using var metrics = new RotationMetrics();

        var measured = Measure(metrics, () => metrics.Count(StateOf([], []).Attestor.Name, new RotationStep.Disable(Key.Version(1))));

        Assert.Equal(new Dictionary<string, double> { ["steps disable"] = 1 }, measured);
    }

    // Other tests of the process measure too: only what this attestor's own thread records counts.
    private static Dictionary<string, double> Measure(RotationMetrics metrics, Action act)
    {
        Assert.NotNull(metrics);
        var measured = new Dictionary<string, double>();
        var thread = Environment.CurrentManagedThreadId;
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listening) =>
            {
                if (instrument.Meter.Name == RotationMetrics.MeterName)
                {
                    listening.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Keep(instrument, value, tags));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Keep(instrument, value, tags));
        listener.Start();
        act();
        return measured;

        void Keep(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            if (Environment.CurrentManagedThreadId != thread)
            {
                return;
            }

            Assert.Equal("projects/acme-prod/attestors/production-attestor", tags[0].Value);
            measured[$"{instrument.Name["binauthz.rotation.".Length..]}{(tags.Length > 1 ? $" {tags[1].Value}" : "")}"] = value;
        }
    }
}
