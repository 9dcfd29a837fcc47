using BinAuthz.Images;

namespace BinAuthz.EndToEnd.Tests.Rotation.Simulation;

/// <summary>An image, or a platform of one, and what must hold of it.</summary>
internal sealed class SimulatedImage(ImageReference reference, ImageMerit merit)
{
    public ImageReference Reference => reference;

    public ImageMerit Merit => merit;

    /// <summary>It was approved and signed, every admission controller knows the key, and nobody has taken that away: it must be admitted.</summary>
    public bool IsLive { get; set; }

    /// <summary>The signer has acknowledged the push.</summary>
    public bool IsAcknowledged { get; set; }

    /// <summary>When a person took its last attestation's worth away, UTC.</summary>
    public DateTimeOffset LostAt { get; set; }

    /// <summary>Approval refuses it now, and it lost what it had before.</summary>
    public bool IsRefusedSince { get; set; }

    /// <summary>The public key id of the version that somebody abused for it; null: nobody has.</summary>
    public string? ForgedBy { get; set; }
}
