using BinAuthz.Images;

namespace BinAuthz.Signing;

/// <summary>
/// Which image a scan is about, by the name of its DISCOVERY occurrence. That never changes while the scan goes on, so the
/// notification that a scan has finished, which names the occurrence alone, need not be looked up by the process that saw it begin.
/// </summary>
/// <param name="maximum">How many scans are remembered; the oldest are forgotten first.</param>
internal sealed class KnownScans(int maximum)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, ImageReference> images = new(StringComparer.Ordinal);
    private readonly Queue<string> order = new();

    /// <summary>The manifest that was scanned; null: it is not known.</summary>
    public ImageReference? Find(string occurrence)
    {
        lock (gate)
        {
            return images.GetValueOrDefault(occurrence);
        }
    }

    /// <summary>Remembers a scan.</summary>
    public void Remember(string occurrence, ImageReference image)
    {
        lock (gate)
        {
            if (!images.TryAdd(occurrence, image))
            {
                return;
            }

            order.Enqueue(occurrence);
            if (images.Count > maximum)
            {
                images.Remove(order.Dequeue());
            }
        }
    }
}
