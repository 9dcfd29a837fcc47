using Google.Cloud.PubSub.V1;

namespace BinAuthz.Emulator.PubSub;

/// <summary>How long a refused message waits for its next attempt.</summary>
internal static class RetrySchedule
{
    private static readonly TimeSpan FirstPushBackoff = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LastPushBackoff = TimeSpan.FromSeconds(60);

    /// <summary>The wait after attempt number <paramref name="attempts"/>: exponential between the bounds of the policy; without one, pulled messages do not wait.</summary>
    public static TimeSpan After(int attempts, Subscription subscription)
    {
        if (subscription.RetryPolicy is { } policy)
        {
            return Exponential(attempts, policy.MinimumBackoff.ToTimeSpan(), policy.MaximumBackoff.ToTimeSpan());
        }

        return PushPump.IsPushed(subscription) ? Exponential(attempts, FirstPushBackoff, LastPushBackoff) : TimeSpan.Zero;
    }

    private static TimeSpan Exponential(int attempts, TimeSpan first, TimeSpan last)
    {
        var wait = first * Math.Pow(2, Math.Min(attempts - 1, 30));
        return wait < last ? wait : last;
    }
}
