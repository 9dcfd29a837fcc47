using System.Text.Json.Nodes;

namespace BinAuthz.Emulator.Storage;

/// <summary>A resumable upload that has not ended.</summary>
/// <param name="Bucket">Where it goes.</param>
/// <param name="Name">Where it goes.</param>
/// <param name="Metadata">As given at the start.</param>
/// <param name="Preconditions">As given at the start.</param>
internal sealed record UploadSession(string Bucket, string Name, JsonObject Metadata, Preconditions Preconditions) : IDisposable
{
    /// <summary>One request at a time.</summary>
    public SemaphoreSlim Turn { get; } = new(1);

    public MemoryStream Received { get; } = new();

    /// <summary>The object, once it is complete.</summary>
    public JsonObject? Finished { get; set; }

    public void Dispose()
    {
        Turn.Dispose();
        Received.Dispose();
    }
}
