using Google.Protobuf.WellKnownTypes;

namespace BinAuthz.Emulator.ContainerAnalysis.Filters;

/// <summary>A field that filters may name; it has a text or a time.</summary>
/// <param name="Name">As filters write it.</param>
/// <param name="Text">Reads a text field.</param>
/// <param name="Time">Reads a time field.</param>
internal sealed record FilterField<T>(string Name, Func<T, string>? Text = null, Func<T, Timestamp?>? Time = null)
{
    /// <summary>Whether the field names the resource, so that a condition on it can use the index.</summary>
    public bool IsResource { get; init; }

    /// <summary>The values that the field can have; null is any.</summary>
    public IReadOnlyCollection<string>? Values { get; init; }
}
