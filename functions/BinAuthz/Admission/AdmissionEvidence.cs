using BinAuthz.Attestations;
using BinAuthz.Images;

namespace BinAuthz.Admission;

/// <summary>The attestors that exist, and the attestations that were found.</summary>
internal sealed class AdmissionEvidence(IEnumerable<Attestor> attestors, IEnumerable<Attestation> attestations)
{
    private readonly Dictionary<AttestorName, Attestor> attestors = attestors.GroupBy(attestor => attestor.Name).ToDictionary(same => same.Key, same => same.Last());
    private readonly ILookup<(NoteName Note, string Digest), Attestation> attestations = attestations.ToLookup(attestation => (attestation.Note, DigestOf(attestation.ResourceUri)));

    /// <summary>The attestor, or null: there is none.</summary>
    public Attestor? Find(AttestorName name) => attestors.GetValueOrDefault(name);

    /// <summary>The attestations of a digest on a note, whatever the name of the image.</summary>
    public IEnumerable<Attestation> Of(NoteName note, ImageDigest digest) => attestations[(note, digest.Value)];

    private static string DigestOf(string resourceUri) => resourceUri[(resourceUri.LastIndexOf('@') + 1)..];
}
