using BinAuthz.Keys;

namespace BinAuthz.Auditing.Archive;

/// <summary>Public keys that an auditor kept. A PEM does not say for which version or algorithm it is, so each is tried.</summary>
internal sealed class PemAuditKeys : IAuditKeys
{
    private readonly IReadOnlyList<PublicKey> keys;

    /// <summary>Imports the texts.</summary>
    /// <exception cref="FormatException">One is no public key of a kind that signs reports.</exception>
    public PemAuditKeys(IEnumerable<string> pems) => keys = [.. pems.SelectMany(Import)];

    public Task<IReadOnlyList<PublicKey>> FindAsync(string keyId, CancellationToken cancellationToken) => Task.FromResult(keys);

    private static List<PublicKey> Import(string pem)
    {
        var (keys, reason) = (new List<PublicKey>(), "");
        foreach (var algorithm in SignatureAlgorithm.All)
        {
            if (PublicKey.TryFromPem(pem, algorithm, out var key, out var error))
            {
                keys.Add(key);
            }
            else
            {
                reason = reason.Length == 0 ? error : reason;
            }
        }

        return keys.Count > 0 ? keys : throw new FormatException(reason);
    }
}
