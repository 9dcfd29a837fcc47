using BinAuthz.Keys;

namespace BinAuthz.Auditing.Archive;

/// <summary>The public keys by which reports are trusted: of Cloud KMS, or of files that an auditor kept. Never those that lie beside the reports.</summary>
internal interface IAuditKeys
{
    /// <summary>The keys that a signature of this key id may be by; empty: none is known.</summary>
    Task<IReadOnlyList<PublicKey>> FindAsync(string keyId, CancellationToken cancellationToken);
}
