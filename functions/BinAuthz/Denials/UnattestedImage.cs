using BinAuthz.Attestations;
using BinAuthz.Decisions;
using BinAuthz.Images;

namespace BinAuthz.Denials;

/// <summary>What was read about an image without attestations, to tell why it has none.</summary>
/// <param name="Image">The image.</param>
/// <param name="Attestor">Whose note has none.</param>
internal sealed record UnattestedImage(ImageReference Image, Attestor Attestor)
{
    /// <summary>Whether the registry is one of Google's.</summary>
    public bool IsInGooglesRegistry { get; init; } = true;

    /// <summary>Whether the registry has the digest; null: it could not be asked.</summary>
    public bool? IsRegistered { get; init; }

    /// <summary>The indexes that hold it and that the attestor's keys attested.</summary>
    public IReadOnlyList<ImageReference> AttestedIndexes { get; init; } = [];

    /// <summary>The notes of other attestors under which the digest is attested.</summary>
    public IReadOnlyList<NoteName> OtherNotes { get; init; } = [];

    /// <summary>The latest evaluation after which the image was not signed; null: none is kept.</summary>
    public Decision? Refusal { get; init; }

    /// <summary>The commit in the provenance that this evaluation verified; empty: none.</summary>
    public string Commit { get; init; } = "";

    /// <summary>What could not be read.</summary>
    public IReadOnlyList<string> Unreadable { get; init; } = [];
}
