using System.Globalization;
using System.Text;
using BinAuthz.Approval.Provenance;
using BinAuthz.Decisions;
using BinAuthz.GoogleCloud;
using BinAuthz.Keys;

namespace BinAuthz.Auditing.Archive;

/// <summary>Signs statements with the newest enabled version of the audit key, and verifies each signature before anybody else sees it.</summary>
/// <param name="archive">Gets the version's public key once, as a help for readers: it is no proof by itself.</param>
/// <param name="kms">Signs.</param>
/// <param name="key">The audit key.</param>
internal sealed class ReportSigner(IReportArchive archive, KeyManagementClient kms, KeyName key)
{
    /// <summary>Signs.</summary>
    /// <param name="statement">What to sign.</param>
    /// <param name="cancellationToken">Stops between two calls.</param>
    /// <returns>The envelope to store.</returns>
    /// <exception cref="GoogleCallException">Cloud KMS refused or did not answer.</exception>
    /// <exception cref="AuditException">No version can sign, or the signature does not verify.</exception>
    public async Task<byte[]> SignAsync(ReportStatement statement, CancellationToken cancellationToken)
    {
        var versions = await kms.ListEnabledVersionsAsync(key, cancellationToken).ConfigureAwait(false);
        if (versions.MaxBy(version => version.Name.Version) is not { Algorithm: { } algorithm, Name: var version })
        {
            throw new AuditException($"{key} has no enabled version of an algorithm that is known here. Enable one, or create one: `gcloud kms keys versions create --key={key.Key} --keyring={key.KeyRing} --location={key.Location} --project={key.Project}`.");
        }

        var (pem, _) = await kms.GetPublicKeyAsync(version, cancellationToken).ConfigureAwait(false);
        var payload = statement.ToBytes();
        var covered = DsseEnvelope.Covered(ReportStatement.PayloadType, payload);
        var signature = await kms.SignAsync(version, algorithm, covered, cancellationToken).ConfigureAwait(false);
        if (!PublicKey.TryFromPem(pem, algorithm, out var publicKey, out var reason) || !publicKey.Verify(covered, signature))
        {
            throw new AuditException($"The signature that {version} made does not verify with the public key that Cloud KMS shows for it{(reason is null ? "" : $" ({reason})")}. Nothing was stored. Compare with `gcloud kms keys versions get-public-key`.");
        }

        await archive.CreateAsync(KeyFile(statement.Environment, version), Encoding.UTF8.GetBytes(pem), "application/x-pem-file", cancellationToken).ConfigureAwait(false);
        return new DsseEnvelope(ReportStatement.PayloadType, payload, [new DsseSignature(version.PublicKeyId, signature)]).ToBytes();
    }

    /// <summary>What the public keys beside the reports begin with.</summary>
    public static string KeyPrefix(string environment) => $"{ReportName.Prefix(environment)}keys/";

    private static string KeyFile(string environment, KeyVersionName version) =>
        string.Create(CultureInfo.InvariantCulture, $"{KeyPrefix(environment)}{version.Key.Key}-{version.Version}.pem");
}
