namespace BinAuthz.Alerting;

/// <summary>A channel did not take an alert.</summary>
/// <param name="channel">The channel's name.</param>
/// <param name="reason">What it answered, without secrets.</param>
/// <param name="isTransient">Whether the same may succeed later without anyone mending anything.</param>
/// <param name="inner">The transport's exception.</param>
internal sealed class AlertChannelException(string channel, string reason, bool isTransient, Exception? inner = null) : Exception($"Channel '{channel}': {reason}", inner)
{
    /// <summary>Whether the same may succeed later without anyone mending anything.</summary>
    public bool IsTransient { get; } = isTransient;

    /// <summary>How long the service asks to be left alone; null when it says nothing.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
