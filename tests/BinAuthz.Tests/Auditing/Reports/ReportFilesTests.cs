using BinAuthz.Auditing.Reports;
using FsCheck.Xunit;

namespace BinAuthz.Tests.Auditing.Reports;

public sealed class ReportFilesTests
{
    [Fact]
    public void All_Files_AreTheseInThisOrder() => Assert.Equal(
        [
            ("report.json", "application/json"),
            ("report.html", "text/html; charset=utf-8"),
            ("findings.csv", "text/csv; charset=utf-8"),
            ("report.sarif", "application/sarif+json"),
            ("assessment-results.json", "application/json"),
        ],
        ReportFiles.All.Select(file => (file.Name, file.ContentType)));

    [Property(MaxTest = 50)]
    public void Write_ReportThatWasReadBack_GivesTheSameBytes(int seed)
    {
        var report = ReportSamples.Random(seed);
        var read = AuditReportJson.Read(AuditReportJson.Write(report));

        Assert.All(ReportFiles.All, file => Assert.Equal(file.Write(report), file.Write(read)));
    }

    [Fact]
    public void Write_NoReport_IsABug() => Assert.All(ReportFiles.All, file => Assert.Throws<ArgumentNullException>(() => file.Write(null!)));
}
