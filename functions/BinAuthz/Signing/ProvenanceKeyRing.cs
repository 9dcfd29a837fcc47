using BinAuthz.Approval;
using BinAuthz.GoogleCloud;
using BinAuthz.Keys;

namespace BinAuthz.Signing;

/// <summary>The public keys that the approval policy trusts for provenance and Cloud KMS hands out. The public key of a version never changes, so each is read once.</summary>
internal sealed class ProvenanceKeyRing(KeyManagementClient kms, ApprovalPolicy policy)
{
    private readonly Lock gate = new();
    private Task<IReadOnlyDictionary<string, PublicKey>>? read;

    /// <summary>The keys by the name of their version, which is the id that signatures name.</summary>
    /// <exception cref="SigningException">A key has an algorithm that is not supported.</exception>
    public Task<IReadOnlyDictionary<string, PublicKey>> GetAsync(CancellationToken cancellationToken)
    {
        lock (gate)
        {
            if (read is null || read.IsFaulted || read.IsCanceled)
            {
                read = ReadAsync();
            }

            return read.WaitAsync(cancellationToken);
        }
    }

    private async Task<IReadOnlyDictionary<string, PublicKey>> ReadAsync()
    {
        var keys = new Dictionary<string, PublicKey>(StringComparer.Ordinal);
        foreach (var version in policy.ProvenanceKeys)
        {
            var (pem, algorithm) = await kms.GetPublicKeyAsync(version, CancellationToken.None).ConfigureAwait(false);
            keys[version.ToString()] = algorithm is null
                ? throw new SigningException($"{version}, which the approval policy trusts for provenance, has an algorithm that is not supported. Trust another key.")
                : PublicKey.FromPem(pem, algorithm);
        }

        return keys;
    }
}
