namespace BinAuthz.Auditing.Facts;

/// <summary>Which images of the protected repositories and of the clusters have a valid attestation of every attestor.</summary>
/// <param name="Stored">How many images the repositories hold; the manifests of an index count with it.</param>
/// <param name="StoredAttested">How many of these are attested.</param>
/// <param name="Running">How many images pods run.</param>
/// <param name="RunningAttested">How many of these are attested.</param>
/// <param name="Unattested">Those that are not, the longest stored first; at most so many as a report names findings of a rule.</param>
internal sealed record Coverage(long Stored, long StoredAttested, long Running, long RunningAttested, IReadOnlyList<UncoveredImage> Unattested)
{
    /// <summary>Of all images that are stored or run, how many are attested, in percent; 100 when there is none.</summary>
    public double Percent => Stored + Running == 0 ? 100 : 100.0 * (StoredAttested + RunningAttested) / (Stored + Running);
}
