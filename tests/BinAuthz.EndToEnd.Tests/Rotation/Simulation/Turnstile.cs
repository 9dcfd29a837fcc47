namespace BinAuthz.EndToEnd.Tests.Rotation.Simulation;

/// <summary>Lets two processes make their calls one at a time, a random number of each in turn, so that a seed gives the same order again.</summary>
internal sealed class Turnstile(Random random) : IDisposable
{
    private const int LongestTurn = 9;
    private readonly Lock gate = new();
    private readonly SemaphoreSlim one = new(1);
    private TaskCompletionSource changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int player;
    private int left = random.Next(1, LongestTurn);
    private bool alone;

    /// <summary>Waits for the turn of a player, 0 or 1.</summary>
    public async Task EnterAsync(int who, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task change;
            lock (gate)
            {
                if (alone || player == who)
                {
                    Take();
                    break;
                }

                change = changed.Task;
            }

            await change.WaitAsync(cancellationToken);
        }

        await one.WaitAsync(cancellationToken);
    }

    public void Leave() => one.Release();

    /// <summary>A player has ended; the other goes on alone.</summary>
    public void End()
    {
        lock (gate)
        {
            alone = true;
            Tell();
        }
    }

    public void Dispose() => one.Dispose();

    private void Take()
    {
        if (!alone && --left == 0)
        {
            player = 1 - player;
            left = random.Next(1, LongestTurn);
            Tell();
        }
    }

    private void Tell()
    {
        var before = changed;
        changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        before.SetResult();
    }
}
