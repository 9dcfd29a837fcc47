namespace BinAuthz;

/// <summary>What a process learnt last and what never changes; the oldest is forgotten first.</summary>
/// <param name="maximum">How many entries are kept.</param>
internal sealed class Recent<TKey, TValue>(int maximum)
    where TKey : notnull
{
    private readonly Lock gate = new();
    private readonly Dictionary<TKey, TValue> entries = [];
    private readonly Queue<TKey> order = new();

    /// <summary>What is known about a key; the default of its type: nothing.</summary>
    public TValue? Find(TKey key)
    {
        lock (gate)
        {
            return entries.GetValueOrDefault(key);
        }
    }

    /// <summary>Keeps an entry.</summary>
    public void Remember(TKey key, TValue value) => GetOrAdd(key, _ => value);

    /// <summary>What is known about a key; if that is nothing, what <paramref name="make"/> makes is kept.</summary>
    public TValue GetOrAdd(TKey key, Func<TKey, TValue> make)
    {
        lock (gate)
        {
            if (entries.TryGetValue(key, out var known))
            {
                return known;
            }

            var value = make(key);
            entries.Add(key, value);
            order.Enqueue(key);
            if (entries.Count > maximum)
            {
                entries.Remove(order.Dequeue());
            }

            return value;
        }
    }
}
