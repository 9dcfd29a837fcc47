using System.Collections.Concurrent;
using Grpc.Core;

namespace BinAuthz.Emulator;

/// <summary>Failures and delays on demand. A method is named by the end of its full name, such as <c>AsymmetricSign</c>; <c>*</c> is every method.</summary>
public sealed class Faults
{
    private readonly ConcurrentDictionary<string, Fault> faults = new();
    private readonly Lock random = new();
    private Random dice = new(1);

    /// <summary>The next <paramref name="times"/> calls fail with <paramref name="code"/>.</summary>
    /// <param name="method">The method.</param>
    /// <param name="code">The gRPC status.</param>
    /// <param name="times">How many calls.</param>
    /// <param name="afterCommit">True: the call takes effect and the answer is lost.</param>
    public void FailNext(string method, StatusCode code, int times = 1, bool afterCommit = false) =>
        faults[method] = new Fault(code, times, 1, afterCommit, TimeSpan.Zero);

    /// <summary>Calls fail with <paramref name="code"/> by chance.</summary>
    /// <param name="method">The method.</param>
    /// <param name="code">The gRPC status.</param>
    /// <param name="share">From 0 to 1.</param>
    /// <param name="seed">Makes a run repeatable.</param>
    public void FailShare(string method, StatusCode code, double share, int seed = 1)
    {
        lock (random)
        {
            dice = new Random(seed);
        }

        faults[method] = new Fault(code, int.MaxValue, share, AfterCommit: false, TimeSpan.Zero);
    }

    /// <summary>Every call waits before it is answered.</summary>
    public void Delay(string method, TimeSpan delay) => faults[method] = new Fault(StatusCode.OK, int.MaxValue, 1, AfterCommit: false, delay);

    /// <summary>No failures and no delays from now on.</summary>
    public void Clear() => faults.Clear();

    internal bool None => faults.IsEmpty;

    internal Fault? Take(string method)
    {
        foreach (var (name, fault) in faults)
        {
            if ((name == "*" || method.EndsWith(name, StringComparison.Ordinal)) && Strikes(name, fault))
            {
                return fault;
            }
        }

        return null;
    }

    private bool Strikes(string name, Fault fault)
    {
        lock (random)
        {
            if (!faults.TryGetValue(name, out var current) || current.Times == 0 || (fault.Share < 1 && dice.NextDouble() >= fault.Share))
            {
                return false;
            }

            if (current.Times != int.MaxValue)
            {
                faults[name] = current with { Times = current.Times - 1 };
            }

            return true;
        }
    }

    internal sealed record Fault(StatusCode Code, int Times, double Share, bool AfterCommit, TimeSpan Wait);
}
