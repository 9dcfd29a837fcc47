using BinAuthz.GoogleCloud;

namespace BinAuthz.Checkup.Facts;

/// <summary>Reads facts side by side, a few at once. What is refused is a fact too.</summary>
internal sealed class FactReader(string project) : IDisposable
{
    private const int AtOnce = 8;
    private readonly SemaphoreSlim free = new(AtOnce);
    private Obstacle? interruption;

    /// <summary>The first obstacle that may be gone later; null: there was none.</summary>
    public Obstacle? Interruption => Volatile.Read(ref interruption);

    /// <summary>Reads one.</summary>
    /// <param name="needed">What the caller needs for it.</param>
    /// <param name="read">The call.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<Fact<T>> ReadAsync<T>(Access needed, Func<CancellationToken, Task<T>> read, CancellationToken cancellationToken)
    {
        await free.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return new Fact<T>.Known(await read(cancellationToken).ConfigureAwait(false));
        }
        catch (GoogleCallException error)
        {
            return Unknown<T>(Obstacle.Of(error, needed, project));
        }
        catch (CorruptedInTransitException error)
        {
            return Unknown<T>(new Obstacle(error.Message, "Run it again.", IsTransient: true));
        }
        catch (FormatException error)
        {
            return new Fact<T>.Unknown(new Obstacle($"The answer has another form than is known here: {error.Message}", "Look at the resource with gcloud.", IsTransient: false));
        }
        finally
        {
            free.Release();
        }
    }

    public void Dispose() => free.Dispose();

    private Fact<T>.Unknown Unknown<T>(Obstacle obstacle)
    {
        if (obstacle.IsTransient)
        {
            Interlocked.CompareExchange(ref interruption, obstacle, null);
        }

        return new Fact<T>.Unknown(obstacle);
    }
}
