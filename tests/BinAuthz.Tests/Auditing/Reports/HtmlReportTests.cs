using System.Text;
using System.Text.RegularExpressions;
using BinAuthz.Auditing;
using BinAuthz.Auditing.Reports;
using BinAuthz.Auditing.Reports.Html;
using FsCheck.Xunit;

namespace BinAuthz.Tests.Auditing.Reports;

public sealed partial class HtmlReportTests
{
    private static string Full => Page(ReportSamples.Full);
    private static string Clean => Page(ReportSamples.Clean);
    private static string Empty => Page(ReportSamples.Empty);

    [Fact]
    public void Write_AnyReport_NeedsNothingElse()
    {
        Assert.StartsWith("<!DOCTYPE html>\n<html lang=\"en\">\n", Full, StringComparison.Ordinal);
        Assert.Contains("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'\">", Full, StringComparison.Ordinal);
        Assert.Contains("<title>Audit of production, acme-prod, 2026-11-26T06:00:00.000Z</title>", Full, StringComparison.Ordinal);
        Assert.Contains("<a class=\"skip\" href=\"#main\">", Full, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", Full, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("url(", Full, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("src=", Full.Replace("&lt;img src=x", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase);
        Assert.Equal("</html>\n", Full[^8..]);
    }

    [Fact]
    public void Write_Markup_IsText()
    {
        Assert.Contains("<code class=\"name\">us-docker.pkg.dev/acme-prod/apps/&lt;script&gt;alert(1)&lt;/script&gt;</code>", Full, StringComparison.Ordinal);
        Assert.Contains("<p>&quot;&gt;&lt;img src=x onerror=&quot;alert(2)&quot;&gt;</p>", Full, StringComparison.Ordinal);
    }

    [Property(MaxTest = 100)]
    public void Write_AnyText_OpensNoElementOfItsOwn(int seed)
    {
        const string Attack = "\"'><script>alert(1)</script><img src=x onerror=alert(2)>`<b>`&lt;";
        var report = Attacked(ReportSamples.Random(seed), Attack);

        var page = Page(report);

        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<img", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>", page, StringComparison.Ordinal);
        Assert.Empty(Ids(page).GroupBy(id => id).Where(group => group.Count() > 1).Select(group => group.Key));
    }

    [Fact]
    public void Write_Links_LeadSomewhere()
    {
        var ids = Ids(Full).ToHashSet();

        Assert.All(Anchor().Matches(Full).Select(match => match.Groups[1].Value), anchor => Assert.Contains(anchor, ids));
        Assert.Equal(
            ["https://console.cloud.google.com/storage/browser/_details/acme-prod-evidence/decisions/production/708a.dsse.json"],
            External().Matches(Full).Select(match => match.Groups[1].Value).Distinct());
        Assert.Contains(" rel=\"noreferrer noopener\">", Full, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gs://bucket/a b/c?d#e", "https://console.cloud.google.com/storage/browser/_details/bucket/a%20b/c%3Fd%23e")]
    [InlineData("gs://my-bucket_1.example/o", "https://console.cloud.google.com/storage/browser/_details/my-bucket_1.example/o")]
    [InlineData("gs://bucket", null)]
    [InlineData("gs:///object", null)]
    [InlineData("gs://Bucket/object", null)]
    [InlineData("gs://buck\"et/object", null)]
    [InlineData("https://evil.example/a", null)]
    [InlineData("javascript:alert(1)", null)]
    [InlineData("projects/p/occurrences/1", null)]
    public void Evidence_Name_IsALinkOnlyIntoCloudStorage(string name, string? address)
    {
        var html = HtmlFindings.Evidence(name).Source;

        Assert.Equal(address is not null, html.StartsWith($"<a href=\"{address}\" rel=\"noreferrer noopener\"><code class=\"name\">", StringComparison.Ordinal) && address is not null);
        Assert.Equal(address is null, html.StartsWith("<code class=\"name\">", StringComparison.Ordinal));
    }

    [Fact]
    public void Write_Full_SaysTheVerdictAndTheFigures()
    {
        Contains(Full, "<div class=\"verdict critical\">\n<h2 id=\"verdict-title\">Findings, and not everything was assessed</h2>\n<p>6 rules were assessed. 2,504 findings, the worst is critical. 1 rule could not be assessed, so it is not known whether it passes.</p>");
        Contains(Full, "<dt>Environment</dt><dd>production</dd>");
        Contains(Full, "<dt>Project of the attestors</dt><dd>acme-prod</dd>");
        Contains(Full, "<dt>Made</dt><dd><time datetime=\"2026-11-26T06:00:00.000Z\">2026-11-26 06:00 UTC</time></dd>");
        Contains(Full, "<dt>Events since</dt><dd><time datetime=\"2026-11-25T06:00:00.000Z\">");
        Contains(Full, "<dt>Position in the chain</dt><dd>42, after <code class=\"name\">audits/production/20261125T060000Z/statement.dsse.json</code></dd>");
        Contains(Full, "<dt>Coverage</dt><dd>92 %<span>");
        Contains(Full, "<dt>Stored images attested</dt><dd>110 of 120<span>");
        Contains(Full, "<dt>Running images attested</dt><dd>28 of 30<span>");
        Contains(Full, "<dt>Attestations that count</dt><dd class=\"not_assessed\">not known<span>");
        Contains(Full, "<dt>Oldest trusted key</dt><dd>10 days<span>");
        Contains(Full, "<dt>Rules passed</dt><dd>1 of 7<span>");
    }

    [Fact]
    public void Write_Clean_Passed()
    {
        Contains(Clean, "<div class=\"verdict passed\">\n<h2 id=\"verdict-title\">Passed</h2>\n<p>1 rule was assessed, and none found anything.</p>");
        Contains(Clean, "<dd>1, the first report</dd>");
        Contains(Clean, "<dt>Attestations that count</dt><dd>148 of 150<span>");
        Contains(Clean, "<h2 id=\"findings-title\">Findings</h2>\n<p>None.</p>");
        Contains(Clean, "This is the first report: nothing comes before it in the chain.");
        Assert.DoesNotContain("sha256sum   #", Clean, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_SeveralAttestors_AddsUpWhatCounts() =>
        Contains(Page(ReportSamples.Clean with { Attestors = [ReportSamples.Clean.Attestors[0], ReportSamples.Clean.Attestors[0]] }), "<dt>Attestations that count</dt><dd>296 of 300<span>");

    [Fact]
    public void Write_NotEverythingAssessed_SaysOfWhatNothingWasFound() =>
        Contains(Page(ReportSamples.Clean with { Rules = [ReportSamples.NotAssessed] }), "<h2 id=\"findings-title\">Findings</h2>\n<p>None in what could be assessed.</p>");

    [Fact]
    public void Write_SeveralRulesOfOneSeverity_AddsUpTheirFindings()
    {
        var report = ReportSamples.Clean with
        {
            Rules = [ReportSamples.Failed with { Count = 2 }, ReportSamples.Failed with { Id = "BA305", Count = 3 }],
            Findings = [Finding("BA302", AuditSeverity.Critical, "a"), Finding("BA305", AuditSeverity.Critical, "b")],
        };

        Contains(Page(report), "Critical: the gate is open, or what it trusts is not the team&#x27;s own · 5</h3>");
    }

    [Fact]
    public void Write_Empty_SaysThatNothingIsKnown()
    {
        Contains(Empty, "<div class=\"verdict not_assessed\">\n<h2 id=\"verdict-title\">Nothing was assessed</h2>");
        Contains(Empty, "<dt>Coverage</dt><dd class=\"not_assessed\">not known<span>");
        Contains(Empty, "<dt>Attestations that count</dt><dd class=\"not_assessed\">not known<span>");
        Contains(Empty, "<dt>Oldest trusted key</dt><dd class=\"not_assessed\">not known<span>");
        Contains(Empty, "<p>There are no reports to draw.</p>");
        Contains(Empty, "<p>None was audited.</p>");
        Assert.DoesNotContain("<svg", Empty, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Verdicts))]
    public void Of_Report_IsTheVerdict(int at, string style, string title, string sentence)
    {
        var report = Judged[at];

        Assert.Equal((style, title), HtmlVerdict.Of(report));
        Contains(Page(report), $"<p>{sentence}</p>\n</div>");
    }

    public static TheoryData<int, string, string, string> Verdicts => new()
    {
        { 0, "not_assessed", "Not everything was assessed", "1 rule was assessed and found nothing. 1 rule could not be assessed, so it is not known whether it passes." },
        { 1, "not_assessed", "Not everything was assessed", "0 rules were assessed and found nothing. 2 rules could not be assessed, so it is not known whether they pass." },
        { 2, "passed", "Passed", "1 rule was assessed. 1 finding, the worst and only one is note." },
        { 3, "low", "Findings", "1 rule was assessed. 1 finding, the worst and only one is low." },
        { 4, "critical", "Findings", "2 rules were assessed. 1 finding, the worst and only one is critical." },
        { 5, "medium", "Findings", "3 rules were assessed. 2 findings, the worst is medium." },
        { 6, "low", "Findings", "1 rule was assessed. 1 finding, the worst and only one is low." },
    };

    private static AuditReport[] Judged =>
    [
        ReportSamples.Clean with { Rules = [ReportSamples.Passed, ReportSamples.NotAssessed] },
        ReportSamples.Clean with { Rules = [ReportSamples.NotAssessed, ReportSamples.NotAssessed with { Id = "BA506" }] },
        Only(AuditSeverity.Note),
        Only(AuditSeverity.Low),
        ReportSamples.Clean with { Rules = [ReportSamples.Passed, ReportSamples.Failed] },
        ReportSamples.Clean with { Rules = [ReportSamples.Passed, ReportSamples.Failed with { Severity = AuditSeverity.Low }, ReportSamples.Failed with { Id = "BA305", Severity = AuditSeverity.Medium }] },
        ReportSamples.Clean with { Rules = [ReportSamples.Failed with { Severity = AuditSeverity.Note }], Findings = [Finding("BA302", AuditSeverity.Low, "r")] },
    ];

    [Fact]
    public void Write_Full_NamesTheFindingsTheWorstFirst()
    {
        Assert.Equal(
            ["critical", "high", "medium", "low", "note"],
            SeverityHeading().Matches(Full).Select(match => match.Groups[1].Value));
        Contains(Full, "<h3 id=\"severity-critical\" class=\"critical\">Critical: the gate is open, or what it trusts is not the team&#x27;s own · 1</h3>");
        Contains(Full, "High: the gate is weaker than it is said to be · 2,500</h3>");
        Contains(Full, "Medium: to be mended in the coming days · 1</h3>");
        Contains(Full, "Low: to be tidied up at leisure · 1</h3>");
        Contains(Full, "Notes: nothing has to be done · 1</h3>");
        Contains(Full, "<div class=\"group\" id=\"findings-BA104-high\">\n<h4><a href=\"#rule-BA104\">BA104</a> The payload&#x27;s digest is another <span class=\"soft\">· 2,500 findings</span></h4>");
        Contains(Full, $"<div class=\"finding\" id=\"f-{ReportSamples.Full.Findings[1].Fingerprint}\">\n<h5><span class=\"badge high\">high</span> <code class=\"name\">projects/acme-prod/occurrences/1</code></h5>\n<p>The payload says sha256:1, the resource sha256:2.</p>");
        Contains(Full, $"<div><dt>Image</dt><dd><code class=\"name\">{ReportSamples.Image}</code></dd></div>");
        Contains(Full, "<div><dt>Since</dt><dd><time datetime=\"2026-11-23T06:00:00.000Z\">");
        Contains(Full, "<div><dt>Evidence</dt><dd><ul><li>occurrence: <code class=\"name\">projects/acme-prod/occurrences/1</code></li><li>decision record: <a ");
        Contains(Full, "<div><dt>Remedy</dt><dd>Apply the policy: <code>binauthz policy apply production</code>.</dd></div>");
        Contains(Full, "<p>And 2,499 more, which are counted and not named.</p>");
    }

    [Fact]
    public void Write_FindingWithoutImage_ShowsNone()
    {
        Assert.Equal(1, Count(Full, "<dt>Image</dt>"));
        Assert.Equal(1, Count(Full, "<dt>Since</dt>"));
        Assert.Equal(2, Count(Full, "<dt>Evidence</dt>"));
        Assert.DoesNotContain("<dt>Image</dt>", Page(ReportSamples.Full with { Findings = [ReportSamples.Full.Findings[1] with { Resource = ReportSamples.Image }] }), StringComparison.Ordinal);
    }

    [Fact]
    public void Write_ManyFindings_NamesAHundredOfARule()
    {
        AuditFinding[] findings = [.. Enumerable.Range(0, 150).Select(at => new AuditFinding("BA302", AuditSeverity.Critical, $"r{at}", "d", "m"))];
        var page = Page(ReportSamples.Clean with { Rules = [ReportSamples.Failed with { Count = 10_000 }], Findings = findings });

        Assert.Equal(100, Count(page, "<div class=\"finding\""));
        Contains(page, "<p>And 9,900 more; report.json and findings.csv name those that are not only counted.</p>");
        Contains(page, "· 10,000 findings</span>");
        Contains(page, "10,000 findings, the worst is critical.");
    }

    [Fact]
    public void Of_SeveritiesOfOneRule_AreGroupsTheWorstFirstWithTheUnnamed()
    {
        var rule = ReportSamples.Failed with { Count = 10 };
        AuditFinding[] findings = [Finding("BA302", AuditSeverity.Low, "a"), Finding("BA302", AuditSeverity.High, "b"), Finding("BA302", AuditSeverity.Low, "c")];

        var groups = FindingGroup.Of(ReportSamples.Clean with { Rules = [ReportSamples.Passed, rule, ReportSamples.NotAssessed], Findings = findings });

        Assert.Equal(["findings-BA302-high 8", "findings-BA302-low 2"], groups.Select(group => $"{group.Anchor} {group.Count}"));
        Assert.Equal([7, 0], groups.Select(group => group.More));
        Assert.Equal(["findings-BA302-critical 10 0"], FindingGroup.Of(ReportSamples.Clean with { Rules = [rule] }).Select(group => $"{group.Anchor} {group.Count} {group.Findings.Count}"));
    }

    [Fact]
    public void Of_FewerCountedThanNamed_HasNoMore() =>
        Assert.Equal(0, Assert.Single(FindingGroup.Of(ReportSamples.Clean with { Rules = [ReportSamples.Failed], Findings = [Finding("BA302", AuditSeverity.Low, "a"), Finding("BA302", AuditSeverity.Low, "b")] })).More);

    [Fact]
    public void Write_SameFindingTwice_HasItsIdOnce()
    {
        var page = Page(ReportSamples.Clean with { Rules = [ReportSamples.Failed with { Count = 2 }], Findings = [ReportSamples.Full.Findings[0], ReportSamples.Full.Findings[0]] });

        Assert.Equal(2, Count(page, "<div class=\"finding\""));
        Assert.Equal(1, Count(page, $"id=\"f-{ReportSamples.Full.Findings[0].Fingerprint}\""));
    }

    [Fact]
    public void Write_Full_ListsEveryRule()
    {
        Contains(Full, "<caption>1 passed, 5 failed, 1 not assessed. A rule&#x27;s title says what is wrong when it finds something.</caption>");
        Contains(Full, "<tr id=\"rule-BA103\"><th scope=\"row\"><strong>BA103</strong> An attestation has a bad signature</th><td><span class=\"badge passed\">passed</span></td><td><span class=\"badge high\">high</span></td><td class=\"number\">0</td></tr>");
        Contains(Full, "<td class=\"number\"><a href=\"#findings-BA104-high\" aria-label=\"2,500 findings of BA104\">2,500</a></td>");
        Contains(Full, "<td><span class=\"badge not_assessed\">not assessed</span><p class=\"small wrap\">PERMISSION_DENIED: resourcemanager.projects.getIamPolicy. Grant roles/iam.securityReviewer.</p></td>");
        Contains(Full, "<td><span class=\"badge failed\">failed</span></td><td><span class=\"badge critical\">critical</span></td><td class=\"number\"><a href=\"#findings-BA302-critical\" aria-label=\"1 finding of BA302\">1</a></td>");
    }

    [Fact]
    public void Write_Full_LeadsFromControlsToEvidence()
    {
        Assert.Equal(["HIPAA", "NIST SP 800-53", "SLSA", "SOC 2"], FrameworkHeading().Matches(Full).Select(match => match.Groups[1].Value));
        Contains(Full, "<caption>4 controls of NIST SP 800-53</caption>");
        Contains(Full, "<caption>1 control of SOC 2</caption>");
        Contains(Full, "<th scope=\"row\"><strong>si-7</strong> Software, firmware and information integrity.</th><td><span class=\"badge failed\">failed</span></td><td><ul><li><a href=\"#rule-BA103\">BA103</a> <span class=\"passed\">passed</span></li><li><a href=\"#rule-BA104\">BA104</a> <span class=\"failed\">failed</span>, <a href=\"#findings-BA104-high\">2,500 findings<span class=\"unseen\"> of BA104</span></a></li></ul></td><td class=\"wrap\"><ul><li>occurrence: <code class=\"name\">projects/acme-prod/occurrences/1</code></li><li>decision record: <a ");
        Contains(Full, "<strong>au-2</strong> Event logging.</th><td><span class=\"badge not_assessed\">not assessed</span></td><td><ul><li><a href=\"#rule-BA505\">BA505</a> <span class=\"not_assessed\">not assessed</span></li></ul></td><td class=\"wrap\"><span class=\"soft\">none</span></td>");
        Contains(Clean, "<strong>CC8.1</strong> Changes are authorised, tested and approved before they are deployed.</th><td><span class=\"badge passed\">passed</span></td>");
    }

    [Fact]
    public void Write_ManyEvidence_NamesThree()
    {
        var finding = ReportSamples.Full.Findings[0] with { Evidence = [.. Enumerable.Range(1, 5).Select(at => new EvidenceLink("entry", $"e{at}"))] };
        var page = Page(ReportSamples.Clean with { Rules = [ReportSamples.Failed with { Controls = [AuditControl.Boundary] }], Findings = [finding] });

        Contains(page, "<li>entry: <code class=\"name\">e3</code></li><li class=\"soft\">and 2 more with the findings</li></ul></td></tr>");
        Assert.Equal(2, Count(page, "<code class=\"name\">e3</code>"));
        Assert.Equal(1, Count(page, "<code class=\"name\">e4</code>"));
        var three = Page(ReportSamples.Clean with { Rules = [ReportSamples.Failed with { Controls = [AuditControl.Boundary] }], Findings = [finding with { Evidence = [.. finding.Evidence.Take(3)] }] });
        Assert.DoesNotContain("more with the findings", three, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_Full_HasTheKeys()
    {
        Contains(Full, "<h3 class=\"wrap\"><code class=\"name\">projects/acme-prod/attestors/production</code></h3>");
        Contains(Full, "<dt>Attestations</dt><dd>150</dd>");
        Contains(Full, "<dt>That count</dt><dd>148</dd>");
        Contains(Full, "<caption>1 key is trusted</caption>");
        Contains(Full, $"<tr><th scope=\"row\"><code class=\"name\">{ReportSamples.KeyId}</code><details><summary>Public key<span class=\"unseen\"> of {ReportSamples.KeyId}</span></summary><pre><code>{ReportSamples.Pem.Replace("+", "&#x2B;", StringComparison.Ordinal).Replace("\n", "&#xA;", StringComparison.Ordinal)}</code></pre></details></th><td>ECDSA_P256_SHA256</td><td>ENABLED</td><td><time datetime=\"2026-11-15T18:00:00.000Z\">2026-11-15 18:00 UTC</time>, 10 days ago</td></tr>");
        Contains(Full, "<dt>Note</dt><dd><span class=\"not_assessed\">not known</span></dd>");
        Contains(Full, "<p>No key is known that it trusts.</p>");
    }

    [Fact]
    public void Write_KeyOfWhichNothingIsKnown_SaysSo()
    {
        var page = Page(ReportSamples.Clean with { Attestors = [new ReportedAttestor(ReportSamples.Attestor, ReportSamples.Note, 1, 0, [new ReportedKey("pgp", null, null, null, null)])] });

        Contains(page, "<tr><th scope=\"row\"><code class=\"name\">pgp</code></th><td><span class=\"not_assessed\">not known</span></td><td><span class=\"not_assessed\">not known</span></td><td><span class=\"not_assessed\">not known</span></td></tr>");
    }

    [Fact]
    public void Write_Full_SaysHowToVerifyIt()
    {
        Contains(Full, "<code>binauthz audit verify-chain --project acme-prod --environment production</code>");
        Contains(Full, "openssl dgst -sha256 -verify audit-key.pem -signature statement.sig");
        Contains(Full, $"gcloud storage cat &quot;gs://$BUCKET/audits/production/20261125T060000Z/statement.dsse.json&quot; | sha256sum   # sha256:{new string('a', 64)}</code>");
        Assert.Equal("application/vnd.in-toto+json".Length, int.Parse(Regex.Match(Full, "DSSEv1 ([0-9]+) ").Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public void Encode_HiddenCharacters_AreSpelledOut()
    {
        Assert.Equal("a\\u{202E}b\\u{0000}\\u{000D}\\u{200B}\\u{E0001}", HtmlText.Encode("a\u202Eb\0\r\u200B\U000E0001"));
        Assert.Equal("&#xA;&#x9;é€", HtmlText.Encode("\n\té€"));
        Assert.Equal("&lt;&gt;&quot;&#x27;&amp;", HtmlText.Encode("<>\"'&"));
    }

    private static AuditFinding Finding(string rule, AuditSeverity severity, string resource) => new(rule, severity, resource, "d", "m");

    private static AuditReport Only(AuditSeverity severity) =>
        ReportSamples.Clean with { Rules = [ReportSamples.Failed with { Severity = severity }], Findings = [Finding("BA302", severity, "r")] };

    private static AuditReport Attacked(AuditReport report, string attack) => report with
    {
        Environment = attack,
        Project = attack,
        Previous = new PreviousReport(attack, attack, 1),
        Rules = [.. report.Rules.Select(rule => rule with { Title = attack, Reason = attack, Rationale = attack, Remedy = attack, Controls = [new AuditControl(attack, attack, attack)] })],
        Findings = [.. report.Findings.Select(finding => finding with { Resource = attack, Detail = attack, Remedy = attack, Image = attack + "i", Evidence = [new EvidenceLink(attack, attack)] })],
        Attestors = [.. report.Attestors.Select(attestor => attestor with { Name = attack, Note = attack, Keys = [new ReportedKey(attack, attack, attack, null, attack)] })],
    };

    private static string Page(AuditReport report) => Encoding.UTF8.GetString(HtmlReport.Write(report));

    private static void Contains(string page, string fragment) => Assert.Contains(fragment, page, StringComparison.Ordinal);

    private static int Count(string page, string fragment) => page.Split(fragment).Length - 1;

    private static IEnumerable<string> Ids(string page) => Id().Matches(page).Select(match => match.Groups[1].Value);

    [GeneratedRegex(" id=\"([^\"]*)\"")]
    private static partial Regex Id();

    [GeneratedRegex(" href=\"#([^\"]*)\"")]
    private static partial Regex Anchor();

    [GeneratedRegex(" href=\"(https:[^\"]*)\"")]
    private static partial Regex External();

    [GeneratedRegex("<h3 id=\"severity-([a-z]*)\"")]
    private static partial Regex SeverityHeading();

    [GeneratedRegex("<h3>([^<]*)</h3>\n<div class=\"scroll\"")]
    private static partial Regex FrameworkHeading();
}
