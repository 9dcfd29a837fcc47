namespace BinAuthz;

/// <summary>A value that is read again once it is older than a lifetime. A reading is shared by all who wait for it; one that failed is not kept.</summary>
internal sealed class Remembered<T>(TimeSpan lifetime, TimeProvider time)
{
    private readonly Lock gate = new();
    private Task<T>? remembered;
    private DateTimeOffset until;

    /// <summary>The value of this moment, give or take the lifetime.</summary>
    /// <param name="read">Reads it; given the time. No single one who waits may cancel it, so its calls need deadlines.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<T> GetAsync(Func<DateTimeOffset, Task<T>> read, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            var now = time.GetUtcNow();
            if (remembered is null || remembered.IsFaulted || remembered.IsCanceled || now >= until)
            {
                remembered = read(now);
                until = now + lifetime;
            }

            return remembered.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Makes the next caller read again.</summary>
    public void Forget()
    {
        lock (gate)
        {
            remembered = null;
        }
    }
}
