using System.Threading.Channels;

namespace BinAuthz.EndToEnd.Tests.Denials;

/// <summary>Keeps the lines that a command prints, and lets a test wait for them.</summary>
internal sealed class SignallingWriter : StringWriter
{
    private readonly Channel<string> arrived = Channel.CreateUnbounded<string>();

    public List<string> Lines { get; } = [];

    public override void WriteLine(string? value) => arrived.Writer.TryWrite(value ?? "");

    /// <summary>Waits until so many lines were printed.</summary>
    public async Task WaitForLineAsync(int count, CancellationToken cancellationToken)
    {
        while (Lines.Count < count)
        {
            Lines.Add(await arrived.Reader.ReadAsync(cancellationToken));
        }
    }
}
