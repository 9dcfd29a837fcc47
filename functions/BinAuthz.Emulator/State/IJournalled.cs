namespace BinAuthz.Emulator.State;

/// <summary>What a journal restores at the start.</summary>
internal interface IJournalled
{
    string Kind { get; }

    void Restore(string name, byte[] value);
}
