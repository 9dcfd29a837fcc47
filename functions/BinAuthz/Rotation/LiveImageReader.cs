using BinAuthz.Attestations;

namespace BinAuthz.Rotation;

/// <summary>Placeholder.</summary>
internal sealed class LiveImageReader
{
#pragma warning disable CA1822
    public Task<LiveImages> ReadAsync(Attestor attestor, IReadOnlyList<KeyRecord> records, CancellationToken cancellationToken) => Task.FromResult(new LiveImages([], [], []));
}
