using Google.Cloud.BinaryAuthorization.V1;

namespace BinAuthz.Emulator.BinaryAuthorization;

/// <summary>What the attestors were in the last hour, in memory alone: whoever has not heard of a change yet still judges by it.</summary>
internal sealed class AttestorHistory(TimeProvider time)
{
    private static readonly TimeSpan Reach = TimeSpan.FromHours(1);

    private readonly Lock gate = new();
    private readonly Dictionary<string, List<(DateTimeOffset Since, Attestor? State)>> states = new(StringComparer.Ordinal);

    /// <summary>Adds a change.</summary>
    /// <param name="name">The attestor.</param>
    /// <param name="before">What it was until now, which counts if no earlier change is known; null: nothing.</param>
    /// <param name="after">What it is from now on; null: deleted.</param>
    public void Add(string name, Attestor? before, Attestor? after)
    {
        var now = time.GetUtcNow();
        lock (gate)
        {
            if (!states.TryGetValue(name, out var known))
            {
                known = states[name] = before is null ? [] : [(DateTimeOffset.MinValue, before.Clone())];
            }

            known.Add((now, after?.Clone()));
            known.RemoveRange(0, Math.Max(0, known.FindLastIndex(state => state.Since <= now - Reach)));
        }
    }

    /// <summary>What an attestor was some time ago; if it did not exist then, the oldest state that is known.</summary>
    /// <returns>Whether a change of it is known at all.</returns>
    public bool TryFind(string name, TimeSpan ago, out Attestor? state)
    {
        var then = time.GetUtcNow() - ago;
        lock (gate)
        {
            var isKnown = states.TryGetValue(name, out var known);
            state = isKnown ? known![Math.Max(0, known.FindLastIndex(each => each.Since <= then))].State?.Clone() : null;
            return isKnown;
        }
    }
}
