using BinAuthz.Keys;

namespace BinAuthz.Approval.Provenance;

/// <summary>Who may sign provenance.</summary>
internal abstract record ProvenanceKey
{
    private ProvenanceKey(string id) => Id = id;

    /// <summary>The key id that stands on a signature.</summary>
    public string Id { get; }

    /// <summary>A key version in Cloud KMS, whose public key is read with the other facts.</summary>
    internal sealed record InKms(KeyVersionName Version) : ProvenanceKey(Version.ToString());

    /// <summary>A public key that stands in the policy itself.</summary>
    internal sealed record Pinned(string Id, PublicKey Key) : ProvenanceKey(Id);
}
