using BinAuthz.Images;

namespace BinAuthz.Signing;

/// <summary>
/// Which manifest a scan is about, by the name of its DISCOVERY occurrence. That never changes while the scan goes on, so the
/// notification that a scan has finished, which names the occurrence alone, need not be looked up by the process that saw it begin.
/// </summary>
internal sealed class KnownScans
{
    private readonly Recent<string, ImageReference> images = new(10_000);

    /// <summary>The manifest that was scanned; null: it is not known.</summary>
    public ImageReference? Find(string occurrence) => images.Find(occurrence);

    /// <summary>Remembers a scan.</summary>
    public void Remember(string occurrence, ImageReference image) => images.Remember(occurrence, image);
}
