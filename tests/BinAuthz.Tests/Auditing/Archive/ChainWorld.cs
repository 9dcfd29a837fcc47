using System.Security.Cryptography;
using System.Text;
using BinAuthz.Approval.Provenance;
using BinAuthz.Auditing;
using BinAuthz.Auditing.Archive;
using BinAuthz.Auditing.Reports;
using BinAuthz.Decisions;
using BinAuthz.Keys;
using BinAuthz.Tests.Auditing.Reports;
using BinAuthz.Tests.Cli;

namespace BinAuthz.Tests.Auditing.Archive;

/// <summary>A folder with reports, signed by a key of this test.</summary>
internal sealed class ChainWorld : IDisposable, IAuditKeys
{
    public const string KeyId = "//cloudkms.googleapis.com/v1/projects/acme-prod/locations/us-central1/keyRings/production-binauthz/cryptoKeys/audit-key/cryptoKeyVersions/1";

    private readonly TemporaryDirectory directory = new();
    private readonly ECDsa pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public ChainWorld()
    {
        Archive = new DirectoryArchive(directory.Path);
        Store = StoreIn(Archive);
    }

    public static CancellationToken Stop => TestContext.Current.CancellationToken;

    public DirectoryArchive Archive { get; }

    public ReportStore Store { get; }

    public string Pem => pair.ExportSubjectPublicKeyInfoPem();

    /// <summary>Whether the public key can still be had.</summary>
    public bool IsKeyKnown { get; set; } = true;

    public Task<IReadOnlyList<PublicKey>> FindAsync(string keyId, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<PublicKey>>(IsKeyKnown && keyId == KeyId ? [PublicKey.FromPem(Pem, SignatureAlgorithm.Default)] : []);

    /// <summary>The report of a day, the first being 1.</summary>
    public static AuditReport Report(int day) => ReportSamples.Clean with { Time = ReportSamples.Time.AddDays(day - 1) };

    public static ReportName Name(int day) => ReportName.Of(Report(day));

    public ReportStore StoreIn(IReportArchive archive) => new(archive, (statement, _) => Task.FromResult(Sign(statement)), this);

    /// <summary>Stores the reports of so many days, each compared with the one before.</summary>
    public async Task<ChainWorld> WithAsync(int days)
    {
        PreviousAudit? before = null;
        for (var day = 1; day <= days; day++)
        {
            before = await Store.StoreAsync(Report(day) with { Previous = before?.Link }, Stop);
            Assert.NotNull(before);
        }

        return this;
    }

    public Task<ChainVerdict> VerifyAsync(ExpectedHead? expected = null) => new ChainVerifier(Archive, this).VerifyAsync("production", expected, Stop);

    public byte[] Sign(ReportStatement statement, string keyId = KeyId) => SignBytes(statement.ToBytes(), keyId);

    public byte[] SignBytes(byte[] payload, string keyId = KeyId) => new DsseEnvelope(
        ReportStatement.PayloadType, payload, [new DsseSignature(keyId, pair.SignData(DsseEnvelope.Covered(ReportStatement.PayloadType, payload), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence))]).ToBytes();

    public async Task<ReportStatement> StatementAsync(int day) => ReportStatementReader.Read(DsseEnvelope.Parse(await ReadAsync(Name(day).Statement)).Payload);

    public async Task<byte[]> ReadAsync(string name) => Assert.IsType<byte[]>(await Archive.FindAsync(name, Stop));

    /// <summary>Overwrites or makes a file, as one who got around the retention.</summary>
    public void Forge(string name, byte[] content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(directory[name])!);
        File.WriteAllBytes(directory[name], content);
    }

    public void Forge(string name, string content) => Forge(name, Encoding.UTF8.GetBytes(content));

    public void Remove(string name) => File.Delete(directory[name]);

    public void RemoveFolder(string name) => Directory.Delete(directory[name], recursive: true);

    public void Dispose()
    {
        directory.Dispose();
        pair.Dispose();
    }
}
