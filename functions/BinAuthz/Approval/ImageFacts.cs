using BinAuthz.Images;
using BinAuthz.Keys;

namespace BinAuthz.Approval;

/// <summary>All that is known about an image when it is weighed.</summary>
/// <param name="Image">The image by digest.</param>
/// <param name="Tags">Its tags now, for the log only: a tag never decides.</param>
/// <param name="Provenance">The provenance found for this digest.</param>
/// <param name="ProvenanceKeys">The public keys of <see cref="ApprovalPolicy.ProvenanceKeys"/>, by key version name.</param>
internal sealed record ImageFacts(
    ImageReference Image,
    IReadOnlyList<string> Tags,
    IReadOnlyList<ProvenanceEnvelope> Provenance,
    IReadOnlyDictionary<string, PublicKey> ProvenanceKeys);
