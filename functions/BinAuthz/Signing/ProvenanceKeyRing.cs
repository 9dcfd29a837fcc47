using BinAuthz.Approval;
using BinAuthz.GoogleCloud;
using BinAuthz.Keys;
using Grpc.Core;

namespace BinAuthz.Signing;

/// <summary>
/// The public keys that the approval policy trusts for provenance and Cloud KMS hands out. The public key of a version
/// never changes, but a version may be disabled: it counts for <see cref="Lifetime"/> at most after that.
/// </summary>
internal sealed class ProvenanceKeyRing(KeyManagementClient kms, ApprovalPolicy policy, TimeProvider time)
{
    /// <summary>How long keys are remembered. A set from which keys are missing is not remembered at all.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    private readonly IReadOnlyList<KeyVersionName> versions = policy.ProvenanceKeys;
    private readonly Lock gate = new();
    private Task<IReadOnlyDictionary<string, PublicKey>>? read;
    private DateTimeOffset until;

    /// <summary>
    /// The keys by the name of their version, which is the id that signatures name. Left out are versions that are
    /// disabled, destroyed, not generated yet, or not there.
    /// </summary>
    /// <exception cref="SigningException">A key has an algorithm that is not supported.</exception>
    /// <exception cref="GoogleCallException">Cloud KMS refused permission or did not answer.</exception>
    public Task<IReadOnlyDictionary<string, PublicKey>> GetAsync(CancellationToken cancellationToken)
    {
        lock (gate)
        {
            var now = time.GetUtcNow();
            if (read is null || now >= until || (read.IsCompleted && !(read.IsCompletedSuccessfully && read.Result.Count == versions.Count)))
            {
                // Shared by every image that waits for it, so no single one may cancel it; its calls have deadlines.
                read = ReadAsync();
                until = now + Lifetime;
            }

            return read.WaitAsync(cancellationToken);
        }
    }

    private async Task<IReadOnlyDictionary<string, PublicKey>> ReadAsync()
    {
        var keys = await Task.WhenAll(versions.Select(FindAsync)).ConfigureAwait(false);
        return versions.Zip(keys).Where(pair => pair.Second is not null).ToDictionary(pair => pair.First.ToString(), pair => pair.Second!, StringComparer.Ordinal);
    }

    private async Task<PublicKey?> FindAsync(KeyVersionName version)
    {
        try
        {
            var (pem, algorithm) = await kms.GetPublicKeyAsync(version, CancellationToken.None).ConfigureAwait(false);
            return algorithm is null
                ? throw new SigningException($"{version}, which the approval policy trusts for provenance, has an algorithm that is not supported. Trust another key.")
                : PublicKey.FromPem(pem, algorithm);
        }
        catch (GoogleCallException error) when (error.Status is StatusCode.FailedPrecondition or StatusCode.NotFound)
        {
            return null;
        }
    }
}
