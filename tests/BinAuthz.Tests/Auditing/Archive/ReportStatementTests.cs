using System.Text;
using BinAuthz.Auditing.Archive;
using BinAuthz.Auditing.Reports;
using BinAuthz.Tests.Auditing.Reports;

namespace BinAuthz.Tests.Auditing.Archive;

public sealed class ReportStatementTests
{
    private static readonly string Hex = new('a', 64);

    private static readonly ReportStatement Second = new(
        "production", "acme-prod", ReportSamples.Time, 2, new PreviousReport("audits/production/20261125T060000Z/statement.dsse.json", "sha256:" + new string('b', 64), 1), [new StatementSubject("report.json", new string('a', 64))]);

    [Fact]
    public void ToBytes_Statement_IsInToto()
    {
        Assert.Equal(
            $$$$$"""{"_type":"https://in-toto.io/Statement/v1","subject":[{"name":"report.json","digest":{"sha256":"{{{{{Hex}}}}}"}}],"predicateType":"urn:binauthz:audit-report:v1","predicate":{"environment":"production","project":"acme-prod","time":"2026-11-26T06:00:00.000Z","sequence":2,"previous":{"name":"audits/production/20261125T060000Z/statement.dsse.json","digest":{"sha256":"{{{{{new string('b', 64)}}}}}"}}}}""",
            Encoding.UTF8.GetString(Second.ToBytes()));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Read_Written_IsTheSame(long sequence)
    {
        var statement = Second with { Sequence = sequence, Previous = sequence == 1 ? null : Second.Previous };

        var read = ReportStatementReader.Read(statement.ToBytes());

        Assert.Equal(statement.Subjects, read.Subjects);
        Assert.Equal(statement, read with { Subjects = statement.Subjects });
    }

    [Theory]
    [InlineData("\"_type\":\"https://in-toto.io/Statement/v1\"", "\"_type\":\"https://in-toto.io/Statement/v0.1\"", "_type")]
    [InlineData("audit-report:v1", "audit-report:v2", "predicateType")]
    [InlineData("\"sequence\":2", "\"sequence\":0", "above 0")]
    [InlineData("\"sequence\":2", "\"sequence\":2.5", "above 0")]
    [InlineData("\"sequence\":2", "\"sequence\":\"2\"", "above 0")]
    [InlineData("\"sequence\":2", "\"sequence\":1", "is the first report and names one")]
    [InlineData("\"sequence\":2", "\"sequence\":2,\"sequence\":2", "not JSON")]
    [InlineData("\"sequence\":2", "\"sequence\":2,\"more\":1", "'more'")]
    [InlineData("\"previous\":{", "\"previous\":{\"x\":1,", "'x'")]
    [InlineData("\"project\":\"acme-prod\",", "", "'project'")]
    [InlineData("2026-11-26T06:00:00.000Z", "2026-11-26", "")]
    [InlineData("\"sha256\":\"a", "\"sha256\":\"A", "no SHA-256")]
    [InlineData("{\"sha256\":\"a", "{\"sha512\":\"1\",\"sha256\":\"a", "'sha512'")]
    [InlineData("\"name\":\"report.json\"", "\"name\":7", "'name'")]
    [InlineData("\"subject\":[", "\"subject\":[1,", "an object is expected")]
    public void Read_Other_SaysWhat(string part, string instead, string expected)
    {
        var text = Encoding.UTF8.GetString(Second.ToBytes());
        Assert.Contains(part, text, StringComparison.Ordinal);

        var error = Assert.Throws<FormatException>(() => ReportStatementReader.Read(Encoding.UTF8.GetBytes(text.Replace(part, instead, StringComparison.Ordinal))));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_LaterReportWithoutOneBefore_IsRefused()
    {
        var error = Assert.Throws<FormatException>(() => ReportStatementReader.Read((Second with { Previous = null }).ToBytes()));

        Assert.Contains("not the first report", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PemAuditKeys_KeptKey_VerifiesWhateverTheKeyIdSays()
    {
        using var world = await new ChainWorld().WithAsync(2);
        using var other = new ChainWorld();

        var verdict = await new ChainVerifier(world.Archive, new PemAuditKeys([other.Pem, world.Pem])).VerifyAsync("production", null, ChainWorld.Stop);
        var foreign = await new ChainVerifier(world.Archive, new PemAuditKeys([other.Pem])).VerifyAsync("production", null, ChainWorld.Stop);

        Assert.Empty(verdict.Faults);
        Assert.Equal([ChainFaultKind.BadSignature, ChainFaultKind.BadSignature], foreign.Faults.Select(fault => fault.Kind));
    }

    [Theory]
    [InlineData("")]
    [InlineData("-----BEGIN PUBLIC KEY-----\nMFkw\n-----END PUBLIC KEY-----")]
    public void PemAuditKeys_NoKey_IsRefusedWithAReason(string pem) => Assert.NotEmpty(Assert.Throws<FormatException>(() => new PemAuditKeys([pem])).Message);
}
