namespace BinAuthz.Approval;

/// <summary>What a rule weighs, so that only that is read.</summary>
[Flags]
internal enum EvidenceNeeds
{
    /// <summary>The name and what the registry says of every image.</summary>
    None = 0,

    /// <summary><see cref="ImageFacts.Provenance"/>.</summary>
    Provenance = 1,

    /// <summary><see cref="ImageFacts.Scans"/>.</summary>
    Scans = 2,

    /// <summary><see cref="ImageFacts.Attestors"/>.</summary>
    Attestations = 4,

    /// <summary><see cref="ImageFacts.Pushes"/>.</summary>
    Pushes = 8,

    /// <summary><see cref="ImageFacts.Configurations"/>.</summary>
    Configurations = 16,
}
