using BinAuthz.Checkup;

namespace BinAuthz.Auditing.Facts;

/// <summary>Which images of the protected repositories and of the clusters have a valid attestation of every attestor.</summary>
/// <param name="Stored">How many images the repositories hold; the manifests of an index count with it.</param>
/// <param name="StoredAttested">How many of these are attested.</param>
/// <param name="Running">How many images pods run, without those that the policy exempts.</param>
/// <param name="RunningAttested">How many of these are attested.</param>
/// <param name="Unattested">Those that are not: first what runs, then the longest stored first; of each kind at most so many as a report names findings of a rule.</param>
internal sealed record Coverage(long Stored, long StoredAttested, long Running, long RunningAttested, IReadOnlyList<UncoveredImage> Unattested)
{
    /// <summary>How many attestations running images lack.</summary>
    public long RunningMissing { get; init; }

    /// <summary>How many attestations stored images lack that do not run and whose time of grace is over.</summary>
    public long StoredMissing { get; init; }

    /// <summary>Why it is not known what the policy admits without asking; null: it is known.</summary>
    public Obstacle? Exemptions { get; init; }

    /// <summary>Why it is not known what the signer last decided about the images; null: it is known.</summary>
    public Obstacle? Decisions { get; init; }

    /// <summary>Of all images that are stored or run, how many are attested, in percent; 100 when there is none.</summary>
    public double Percent => Stored + Running == 0 ? 100 : 100.0 * (StoredAttested + RunningAttested) / (Stored + Running);
}
