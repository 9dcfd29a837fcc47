using System.Text;
using BinAuthz.Auditing;
using BinAuthz.Auditing.Reports;
using FsCheck.Xunit;

namespace BinAuthz.Tests.Auditing.Reports;

public sealed class CsvReportTests
{
    private const string Header = "status,severity,rule,title,resource,image,detail,remedy,since,evidence,fingerprint\r\n";

    [Fact]
    public void Write_Clean_IsTheHeader() => Assert.Equal(Header, Text(ReportSamples.Clean));

    [Fact]
    public void Write_Full_HasARowForEachFindingAndForWhatAListWouldHide()
    {
        var rows = Text(ReportSamples.Full)[Header.Length..].Split("\r\n");
        var fingerprints = ReportSamples.Full.Findings.Select(finding => finding.Fingerprint).ToArray();

        Assert.Equal($"found,critical,BA302,The production policy admits without asking,projects/acme-prod/policy,,defaultAdmissionRule is ALWAYS_ALLOW.,Apply the policy: `binauthz policy apply production`.,,policy: projects/acme-prod/policy,{fingerprints[0]}", rows[0]);
        Assert.Equal(
            $"found,high,BA104,The payload's digest is another,projects/acme-prod/occurrences/1,{ReportSamples.Image},\"The payload says sha256:1, the resource sha256:2.\",Delete it.,2026-11-23T06:00:00.000Z,\"occurrence: projects/acme-prod/occurrences/1\ndecision record: gs://acme-prod-evidence/decisions/production/708a.dsse.json\",{fingerprints[1]}",
            rows[1]);
        Assert.Equal($"found,medium,BA401,A stored image has no valid attestation,{ReportSamples.Markup},,\"\"\"><img src=x onerror=\"\"alert(2)\"\">\",\"'=HYPERLINK(\"\"https://evil.example\"\")\",,,{fingerprints[2]}", rows[2]);
        Assert.StartsWith("found,low,BA101,", rows[3], StringComparison.Ordinal);
        Assert.StartsWith("found,note,BA106,", rows[4], StringComparison.Ordinal);
        Assert.Equal("not_named,high,BA104,The payload's digest is another,,,\"2,499 more are counted and not named in this report.\",m2,,,", rows[5]);
        Assert.Equal("not_assessed,medium,BA505,Audit logs are off,,,\"Not assessed, so it is not known whether this is so. PERMISSION_DENIED: resourcemanager.projects.getIamPolicy. Grant roles/iam.securityReviewer.\",Turn them on.,,,", rows[6]);
        Assert.Equal("", rows[7]);
        Assert.Equal(8, rows.Length);
    }

    [Theory]
    [InlineData("=1+1", "\"'=1+1\"")]
    [InlineData("+1", "\"'+1\"")]
    [InlineData("-1", "\"'-1\"")]
    [InlineData("@SUM", "\"'@SUM\"")]
    [InlineData("\tx", "\"'\tx\"")]
    [InlineData("\rx", "\"'\rx\"")]
    [InlineData("\nx", "\"'\nx\"")]
    [InlineData("a=1", "a=1")]
    [InlineData("a,b", "\"a,b\"")]
    [InlineData("a\"b", "\"a\"\"b\"")]
    [InlineData("a\rb", "\"a\rb\"")]
    [InlineData("a\nb", "\"a\nb\"")]
    [InlineData(" a ", " a ")]
    public void Write_Field_IsQuotedAndNoFormula(string value, string field)
    {
        var report = ReportSamples.Empty with { Findings = [new AuditFinding("BA101", AuditSeverity.Low, "r", "d", value)] };

        Assert.Equal($"{Header}found,low,BA101,,r,,d,{field},,,{report.Findings[0].Fingerprint}\r\n", Text(report));
    }

    [Fact]
    public void Write_OneMore_IsSaidInTheSingular() =>
        Assert.EndsWith(",1 more is counted and not named in this report.,Apply the policy: `binauthz policy apply production`.,,,\r\n", Text(ReportSamples.Clean with { Rules = [ReportSamples.Failed] }), StringComparison.Ordinal);

    [Property(MaxTest = 100)]
    public void Write_AnyReport_IsReadBackByFieldsOfWhichNoneIsAFormula(int seed)
    {
        var report = ReportSamples.Random(seed);

        var rows = Parse(Text(report));

        Assert.All(rows, row => Assert.Equal(11, row.Count));
        Assert.All(rows.SelectMany(row => row), field => Assert.DoesNotMatch("\\A[=+@\t\r\n-]", field));
        Assert.Equal(report.Findings.Select(finding => finding.Fingerprint), rows.Where(row => row[0] == "found").Select(row => row[10]));
        Assert.Equal(report.Findings.Select(finding => finding.Detail), rows.Where(row => row[0] == "found").Select(row => row[6].TrimStart('\'')));
    }

    private static string Text(AuditReport report) => Encoding.UTF8.GetString(CsvReport.Write(report));

    // RFC 4180 by hand, so that the writer is not asked whether it agrees with itself.
    private static List<List<string>> Parse(string text)
    {
        var (rows, row, field, isQuoted) = (new List<List<string>>(), new List<string>(), new StringBuilder(), false);
        for (var i = 0; i < text.Length; i++)
        {
            var isDouble = isQuoted && text[i] == '"' && i + 1 < text.Length && text[i + 1] == '"';
            if (isDouble || (isQuoted && text[i] != '"') || (!isQuoted && text[i] is not ('"' or ',' or '\r' or '\n')))
            {
                field.Append(text[i]);
                i += isDouble ? 1 : 0;
            }
            else if (text[i] == '"')
            {
                isQuoted = !isQuoted;
            }
            else if (text[i] != '\r')
            {
                row.Add(field.ToString());
                field.Clear();
                if (text[i] == '\n')
                {
                    rows.Add(row);
                    row = [];
                }
            }
        }

        return rows;
    }
}
