using System.Collections.Concurrent;

namespace BinAuthz.Emulator;

/// <summary>Imported instances of one key. .NET's key objects are not promised to be safe for concurrent use, and importing costs more than signing or verifying.</summary>
internal sealed class InstancePool<T>(Func<T> import)
{
    private readonly ConcurrentBag<T> idle = [];

    public TResult Use<TResult>(Func<T, TResult> work)
    {
        var instance = idle.TryTake(out var taken) ? taken : import();
        var result = work(instance);
        idle.Add(instance);
        return result;
    }
}
