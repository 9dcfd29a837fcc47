using System.Collections.Concurrent;
using BinAuthz.GoogleCloud;
using BinAuthz.Keys;
using Grpc.Core;

namespace BinAuthz.Auditing.Archive;

/// <summary>The versions of the audit key in Cloud KMS. It gives no public key of one that is disabled or destroyed (docs: kms/docs/retrieve-public-key).</summary>
internal sealed class KmsAuditKeys(KeyManagementClient kms, KeyName auditKey) : IAuditKeys
{
    // A version's key never changes.
    private readonly ConcurrentDictionary<KeyVersionName, PublicKey> known = new();

    /// <exception cref="GoogleCallException">Cloud KMS did not answer, or the caller may not ask.</exception>
    public async Task<IReadOnlyList<PublicKey>> FindAsync(string keyId, CancellationToken cancellationToken)
    {
        if (!KeyVersionName.TryParsePublicKeyId(keyId, out var version) || version.Key != auditKey)
        {
            return [];
        }

        if (known.TryGetValue(version, out var found))
        {
            return [found];
        }

        try
        {
            var (pem, algorithm) = await kms.GetPublicKeyAsync(version, cancellationToken).ConfigureAwait(false);
            return algorithm is not null && PublicKey.TryFromPem(pem, algorithm, out var key, out _) ? [known.GetOrAdd(version, key)] : [];
        }
        catch (GoogleCallException error) when (error.Status is StatusCode.NotFound or StatusCode.FailedPrecondition)
        {
            return [];
        }
    }
}
