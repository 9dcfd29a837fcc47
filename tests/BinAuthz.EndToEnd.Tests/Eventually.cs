namespace BinAuthz.EndToEnd.Tests;

/// <summary>Waits for what other processes bring about.</summary>
internal static class Eventually
{
    /// <summary>Asks again and again.</summary>
    /// <returns>Whether the condition held before the patience ended.</returns>
    public static async Task<bool> HoldsAsync(Func<Task<bool>> condition, TimeSpan patience, TimeSpan interval, CancellationToken cancellationToken)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            if (TimeProvider.System.GetElapsedTime(started) > patience)
            {
                return false;
            }

            await Task.Delay(interval, TimeProvider.System, cancellationToken);
        }

        return true;
    }
}
