namespace BinAuthz.Rotation;

/// <summary>The configuration section <c>BinAuthz:Rotation</c>; environment variables are written <c>BinAuthz__Rotation__Lifetime</c>.</summary>
internal sealed class RotationOptions
{
    /// <summary>How old a key version may become before its successor is made. Default: 90 days.</summary>
    public TimeSpan Lifetime { get; set; } = TimeSpan.FromDays(90);

    /// <summary>How long the old and the new key are both trusted at least, so that nothing that was on its way is denied; 20 minutes and TrustLifetime at least. Default: 7 days.</summary>
    public TimeSpan Overlap { get; set; } = TimeSpan.FromDays(7);

    /// <summary>How long a version stays disabled, and can be enabled again, before its destruction is scheduled. Default: 30 days.</summary>
    public TimeSpan DisabledBeforeDestroy { get; set; } = TimeSpan.FromDays(30);

    /// <summary>The algorithm of new versions, such as <c>ec-sign-p256-sha256</c>; another than the current one's makes a rotation due. Default: that of the key's template.</summary>
    public string? Algorithm { get; set; }

    /// <summary>
    /// How many images are signed anew in a minute at most; each costs two signatures. A project's HSM keys sign about 660 times
    /// a minute on P-256, 420 on P-384, 210 with RSA 4096; software keys far more (docs: kms/quotas). Default: 300.
    /// </summary>
    public int ImagesPerMinute { get; set; } = 300;

    /// <summary>How many images one message asks for. Default: 50.</summary>
    public int BatchSize { get; set; } = 50;

    /// <summary>How old an image may be and still be deployed; older ones are signed anew only if they run. Default: no limit.</summary>
    public TimeSpan? ImageAgeLimit { get; set; }

    /// <summary>How long one run goes on before it leaves the rest to the next. An event-driven function has 540 s (docs: functions/configuring/timeout). Default: 8 minutes.</summary>
    public TimeSpan RunTime { get; set; } = TimeSpan.FromMinutes(8);

    /// <summary>Whether Cloud Asset Inventory is asked for what runs. If not, no image is left out, neither for its age nor because the registry has it no more. Default: true.</summary>
    public bool ReadRunning { get; set; } = true;
}
