namespace BinAuthz.Alerting.Channels;

/// <summary>How long a channel tries.</summary>
/// <param name="Attempts">The most attempts.</param>
/// <param name="Attempt">The time of one attempt, from the connection to the last byte of the answer.</param>
/// <param name="Total">The time of all attempts and the waits between them.</param>
/// <param name="Wait">The wait after the first attempt; it doubles.</param>
/// <param name="LongestWait">The longest that a service may ask to wait and be asked again.</param>
internal sealed record DeliveryLimits(int Attempts, TimeSpan Attempt, TimeSpan Total, TimeSpan Wait, TimeSpan LongestWait)
{
    /// <summary>3 attempts of 10 s, waits of 1 s and 2 s, or as the service asks, up to 10 s; 30 s in all.</summary>
    public static DeliveryLimits Default { get; } = new(3, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10));
}
