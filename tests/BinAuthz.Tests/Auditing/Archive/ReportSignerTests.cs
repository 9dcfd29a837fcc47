using System.Security.Cryptography;
using System.Text;
using BinAuthz.Auditing;
using BinAuthz.Auditing.Archive;
using BinAuthz.Decisions;
using BinAuthz.GoogleCloud;
using BinAuthz.Keys;
using BinAuthz.Tests.Auditing.Facts;
using BinAuthz.Tests.Auditing.Reports;
using BinAuthz.Tests.Cli;
using Google.Cloud.Kms.V1;
using Google.Protobuf;

namespace BinAuthz.Tests.Auditing.Archive;

/// <summary>What becomes of a signature that Cloud KMS made, when it shows one public key or another.</summary>
public sealed class ReportSignerTests : IDisposable
{
    private static readonly KeyVersionName Version = CleanFacts.Request.AuditKey.Version(2);
    private static readonly ReportStatement Statement = new("production", CleanFacts.Project, ReportSamples.Time, 1, null, [new StatementSubject("report.json", new string('a', 64))]);

    private readonly ECDsa pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly TemporaryDirectory directory = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private DirectoryArchive Archive => new(directory.Path);

    [Fact]
    public async Task SignAsync_KeyThatIsShown_KeepsItBesideTheReports()
    {
        var envelope = DsseEnvelope.Parse(await SignAsync(pair.ExportSubjectPublicKeyInfoPem()));

        Assert.Equal(Statement.ToBytes(), envelope.Payload.ToArray());
        Assert.Equal(Version.PublicKeyId, Assert.Single(envelope.Signatures).KeyId);
        Assert.Equal(["audits/production/keys/audit-key-2.pem"], await Archive.ListAsync("audits/", Stop));
    }

    [Theory]
    [InlineData(ReportSamples.Pem, "shows for it. Nothing was stored.")]
    [InlineData("no key", "shows for it (")]
    public async Task SignAsync_AnotherKeyIsShown_StoresNothing(string pem, string said)
    {
        var error = await Assert.ThrowsAsync<AuditException>(() => SignAsync(pem));

        Assert.Contains(said, error.Message, StringComparison.Ordinal);
        Assert.Contains(Version.ToString(), error.Message, StringComparison.Ordinal);
        Assert.Empty(await Archive.ListAsync("audits/", Stop));
    }

    public void Dispose()
    {
        pair.Dispose();
        directory.Dispose();
    }

    private async Task<byte[]> SignAsync(string pem)
    {
        var name = Version.ToString();
        var versions = new ListCryptoKeyVersionsResponse { CryptoKeyVersions = { Described(1), Described(2) } };
        var signature = pair.SignData(DsseEnvelope.Covered(ReportStatement.PayloadType, Statement.ToBytes()), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        using var google = new StubGoogle()
            .On("ListCryptoKeyVersions", CleanFacts.Request.AuditKey.ToString(), versions)
            .On("GetPublicKey", name, new Google.Cloud.Kms.V1.PublicKey { Name = name, Pem = pem, PemCrc32C = Crc32C.Of(Encoding.UTF8.GetBytes(pem)), Algorithm = SignatureAlgorithm.Default.Kms })
            .On("AsymmetricSign", name, new AsymmetricSignResponse { Name = name, Signature = ByteString.CopyFrom(signature), SignatureCrc32C = Crc32C.Of(signature), VerifiedDigestCrc32C = true });
        return await new ReportSigner(Archive, new KeyManagementClient(google.Channels), CleanFacts.Request.AuditKey).SignAsync(Statement, Stop);
    }

    private static CryptoKeyVersion Described(long version) =>
        new() { Name = CleanFacts.Request.AuditKey.Version(version).ToString(), State = CryptoKeyVersion.Types.CryptoKeyVersionState.Enabled, Algorithm = SignatureAlgorithm.Default.Kms };
}
