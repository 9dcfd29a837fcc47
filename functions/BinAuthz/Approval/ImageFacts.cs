using BinAuthz.Approval.Content;
using BinAuthz.Approval.Promotion;
using BinAuthz.Approval.Provenance;
using BinAuthz.Approval.Pushes;
using BinAuthz.Approval.Vulnerabilities;
using BinAuthz.Attestations;
using BinAuthz.Images;
using BinAuthz.Keys;

namespace BinAuthz.Approval;

/// <summary>All that is known about an image when it is weighed. What was not read, or is not there, is empty or null.</summary>
/// <param name="Image">The image by digest.</param>
internal sealed record ImageFacts(ImageReference Image)
{
    /// <summary>Its tags now; null before the registry was asked. A tag alone never approves.</summary>
    public IReadOnlyList<string>? Tags { get; init; }

    /// <summary>When the registry got the image.</summary>
    public DateTimeOffset? Uploaded { get; init; }

    /// <summary>The provenance found for this digest.</summary>
    public IReadOnlyList<ProvenanceEnvelope> Provenance { get; init; } = [];

    /// <summary>The public keys of <see cref="ApprovalPolicy.ProvenanceKeys"/> that could be read, by key version name.</summary>
    public IReadOnlyDictionary<string, PublicKey> ProvenanceKeys { get; init; } = new Dictionary<string, PublicKey>();

    /// <summary>What vulnerability scanning found: for an image one entry, for an index one for each platform.</summary>
    public IReadOnlyList<ImageScan> Scans { get; init; } = [];

    /// <summary>The image configurations: for an image one, for an index one for each platform.</summary>
    public IReadOnlyList<ImageConfiguration> Configurations { get; init; } = [];

    /// <summary>The attestors that the policy asks for, with their attestations of this digest.</summary>
    public IReadOnlyDictionary<AttestorName, AttestorEvidence> Attestors { get; init; } = new Dictionary<AttestorName, AttestorEvidence>();

    /// <summary>Who pushed to the image's name, as audit logs tell.</summary>
    public IReadOnlyList<PushRecord> Pushes { get; init; } = [];

    /// <summary>What is known from the name alone.</summary>
    public static ImageFacts ByName(ImageReference image) => new(image);
}
