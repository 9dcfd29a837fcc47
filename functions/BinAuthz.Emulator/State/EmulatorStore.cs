using Google.Protobuf;

namespace BinAuthz.Emulator.State;

/// <summary>Makes the tables and fills them with what an earlier run left.</summary>
internal sealed class EmulatorStore(EmulatorOptions options) : IDisposable
{
    private readonly Journal journal = new(options.DataDirectory);

    /// <summary>The table of a kind; each kind is asked for once, by the service that owns it.</summary>
    /// <param name="kind">A name that no other table has.</param>
    /// <param name="parser">Reads the stored messages.</param>
    /// <param name="indexBy">Further keys to look resources up by.</param>
    public Table<T> Table<T>(string kind, MessageParser<T> parser, Func<T, IEnumerable<string>>? indexBy = null)
        where T : class, IMessage<T>, IDeepCloneable<T>
    {
        var table = new Table<T>(kind, parser, journal, indexBy);
        journal.Restore(table);
        return table;
    }

    /// <summary>The journal itself, for state that is no table; <paramref name="owner"/> is filled first.</summary>
    public Journal Attach(IJournalled owner)
    {
        journal.Restore(owner);
        return journal;
    }

    public void Dispose() => journal.Dispose();
}
