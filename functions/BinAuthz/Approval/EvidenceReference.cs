namespace BinAuthz.Approval;

/// <summary>A piece of evidence that a rule looked at.</summary>
/// <param name="Name">Its resource name, such as <c>projects/P/occurrences/ID</c>, or the image for parts of the image itself.</param>
/// <param name="Digest"><c>sha256:…</c> of its bytes: a DSSE payload, an attestation's payload, an occurrence as protobuf, a log entry as JSON, an image configuration.</param>
internal sealed record EvidenceReference(string Name, string Digest)
{
    /// <summary>Refers to evidence by the digest of its bytes.</summary>
    public static EvidenceReference To(string name, ReadOnlySpan<byte> bytes) => new(name, $"sha256:{Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes))}");
}
