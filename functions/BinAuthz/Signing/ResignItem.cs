using BinAuthz.Attestations;
using BinAuthz.Decisions;
using BinAuthz.Images;
using BinAuthz.Keys;

namespace BinAuthz.Signing;

/// <summary>An image that is to be signed anew, and how far it has come in this delivery. One thread at a time works on it.</summary>
internal sealed class ResignItem(ImageReference image)
{
    private readonly HashSet<string> refused = new(StringComparer.Ordinal);
    private AttestationSignature? signature;
    private ReadOnlyMemory<byte> payload;

    /// <summary>The image.</summary>
    public ImageReference Image => image;

    /// <summary>The valid attestation for whose sake it is signed anew; null: none is known.</summary>
    public ResignedFrom? From { get; private set; }

    /// <summary>Where the new attestation goes; null: nothing is to be stored.</summary>
    public AttestationPlace? Place { get; private set; }

    /// <summary>Whether it is stored by a call of its own, because a batch was refused.</summary>
    public bool GoesAlone { get; private set; }

    /// <summary>The new attestation: <c>projects/P/occurrences/ID</c>; null: it is missing.</summary>
    public string? Occurrence { get; private set; }

    /// <summary>Whether somebody else stored the new attestation.</summary>
    public bool WasThere { get; private set; }

    /// <summary>The envelope of the decision's record; null: it is not signed yet.</summary>
    public byte[]? Record { get; private set; }

    /// <summary>Whether that record is kept.</summary>
    public bool IsRecorded { get; private set; }

    /// <summary>The version that signed it in this delivery; null: none has.</summary>
    public KeyVersionName? SignedBy { get; private set; }

    /// <summary>How it ended; null: it has not.</summary>
    public SigningOutcome? Outcome { get; private set; }

    /// <summary>Whether the signature is missing that its place needs.</summary>
    public bool NeedsSignature(KeyVersionName key) => Place is { } place && !(signature is not null && SignedBy == key && payload.Span.SequenceEqual(place.Payload(image).Span));

    /// <summary>Looks what is attested, and what follows from that.</summary>
    /// <param name="existing">Every attestation of the digest under the attestor's note.</param>
    /// <param name="attestor">With the keys of now.</param>
    /// <param name="key">The version that is to attest it.</param>
    public void Look(IReadOnlyCollection<Attestation> existing, Attestor attestor, KeyVersionName key)
    {
        var valid = ResignSource.Find(existing, image.Digest, attestor, key);
        Place = null;
        if (valid.New is { } there)
        {
            Occurrence = there.Name;
            WasThere = signature is not { } made || !there.Signatures.Any(each => each.Value.Span.SequenceEqual(made.Value.Span));
            From = WasThere ? valid.From : From;
        }
        else if (valid.From is null)
        {
            Outcome = new SigningOutcome.NotAttested(image, attestor.Name);
        }
        else
        {
            // What was signed for the sake of another attestation has a record that names that one.
            signature = From == valid.From ? signature : null;
            From = valid.From;
            Place = AttestationPlace.Choose(image, existing, attestor, refused);
        }
    }

    /// <summary>Keeps what was signed for its place, so that a further round need not sign it again.</summary>
    public void Signed(KeyVersionName key, AttestationSignature made, byte[] record) => (SignedBy, signature, payload, Record, IsRecorded) = (key, made, Place!.Payload(image), record, false);

    /// <summary>The decision's record is kept.</summary>
    public void Recorded() => IsRecorded = true;

    /// <summary>The attestation that is to be stored at its place.</summary>
    public Attestation New(NoteName note) => Place!.With(image, note, signature!);

    /// <summary>The attestation was stored.</summary>
    public void Stored(string occurrence) => (Occurrence, Place) = (occurrence, null);

    /// <summary>A batch was refused, for the sake of this image or of another.</summary>
    public void BatchRefused() => GoesAlone = true;

    /// <summary>Its place was refused: there is something that was not listed.</summary>
    public void Refused(NoteName note) => refused.Add(New(note).ResourceUri);

    /// <summary>It ended.</summary>
    public void End(SigningOutcome outcome) => Outcome = outcome;
}
